// SPDX-License-Identifier: Apache-2.0
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.Security;
import java.util.Collection;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.cms.GCMParameters;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSAuthEnvelopedData;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.KEKRecipientInformation;
import org.bouncycastle.cms.KeyTransRecipientInformation;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.cms.RecipientOperator;
import org.bouncycastle.cms.jcajce.JceKEKRecipient;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransAuthEnvelopedRecipient;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.InputAEADDecryptor;

/**
 * Opens a key file with Bouncy Castle alone: AuthEnvelopedData, then the SignedData in it, whose signature is checked with
 * the signer's certificate. Writes the key package to a file.
 *
 * java -cp bcpkix.jar:bcprov.jar:bcutil.jar OpenKeyFile.java FILE KEY SIGNER OUT
 *
 * KEY is a private key in PEM, or kek:FILE with 64 hexadecimal digits.
 */
public class OpenKeyFile {
  static final String KEY_PACKAGE = "1.2.840.113549.1.9.16.1.25";

  /**
   * AES-256-GCM under a content key that Bouncy Castle unwrapped. Its release 1.72 has a ready recipient for RSA alone;
   * for key agreement and key-encryption keys the last step is put together here.
   */
  static RecipientOperator gcm(Key key, AlgorithmIdentifier algorithm) {
    GCMParameters parameters = GCMParameters.getInstance(algorithm.getParameters());
    return new RecipientOperator(new InputAEADDecryptor() {
      public AlgorithmIdentifier getAlgorithmIdentifier() { return algorithm; }
      public OutputStream getAADStream() { return OutputStream.nullOutputStream(); }
      public byte[] getMAC() { return new byte[0]; }
      public InputStream getInputStream(InputStream in) {
        try {
          Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", "BC");
          cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(8 * parameters.getIcvLen(), parameters.getNonce()));
          return new ByteArrayInputStream(cipher.doFinal(in.readAllBytes()));
        } catch (GeneralSecurityException e) {
          throw new IllegalStateException("the content does not decrypt", e);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    });
  }

  static class GcmKek extends JceKEKRecipient {
    GcmKek(SecretKey key) { super(key); }
    public RecipientOperator getRecipientOperator(AlgorithmIdentifier wrap, AlgorithmIdentifier content, byte[] wrapped)
        throws org.bouncycastle.cms.CMSException {
      return gcm(extractSecretKey(wrap, content, wrapped), content);
    }
  }

  static class GcmKeyAgree extends JceKeyAgreeRecipient {
    GcmKeyAgree(PrivateKey key) { super(key); }
    public RecipientOperator getRecipientOperator(AlgorithmIdentifier agreement, AlgorithmIdentifier content,
        SubjectPublicKeyInfo sender, ASN1OctetString material, byte[] wrapped) throws org.bouncycastle.cms.CMSException {
      return gcm(extractSecretKey(agreement, content, sender, material, wrapped), content);
    }
  }

  static byte[] opened(RecipientInformation recipient, String key) throws Exception {
    if (recipient instanceof KEKRecipientInformation) {
      String digits = Files.readString(Path.of(key.substring("kek:".length()))).strip();
      byte[] bytes = new byte[digits.length() / 2];
      for (int i = 0; i < bytes.length; ++i) bytes[i] = (byte) Integer.parseInt(digits.substring(2 * i, 2 * i + 2), 16);
      return recipient.getContent(new GcmKek(new SecretKeySpec(bytes, "AES")).setProvider("BC"));
    }
    PrivateKey privateKey;
    try (PEMParser parser = new PEMParser(Files.newBufferedReader(Path.of(key), StandardCharsets.US_ASCII))) {
      privateKey = new JcaPEMKeyConverter()
          .getPrivateKey((org.bouncycastle.asn1.pkcs.PrivateKeyInfo) parser.readObject());
    }
    if (recipient instanceof KeyTransRecipientInformation) {
      return recipient.getContent(new JceKeyTransAuthEnvelopedRecipient(privateKey).setProvider("BC"));
    }
    return recipient.getContent(new GcmKeyAgree(privateKey).setProvider("BC"));
  }

  public static void main(String[] arguments) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    CMSAuthEnvelopedData envelope = new CMSAuthEnvelopedData(Files.readAllBytes(Path.of(arguments[0])));
    Collection<RecipientInformation> recipients = envelope.getRecipientInfos().getRecipients();
    if (recipients.size() != 1) throw new Exception("not one recipient but " + recipients.size());
    byte[] content = opened(recipients.iterator().next(), arguments[1]);

    CMSSignedData signed = new CMSSignedData(content);
    if (!signed.getSignedContentTypeOID().equals(KEY_PACKAGE)) throw new Exception("no key package");
    X509CertificateHolder signer;
    try (PEMParser parser = new PEMParser(Files.newBufferedReader(Path.of(arguments[2]), StandardCharsets.US_ASCII))) {
      signer = (X509CertificateHolder) parser.readObject();
    }
    Collection<SignerInformation> signers = signed.getSignerInfos().getSigners();
    if (signers.size() != 1) throw new Exception("not one signature but " + signers.size());
    SignerInformation one = signers.iterator().next();
    if (!one.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(signer))) {
      throw new Exception("the signature does not verify");
    }
    if (!one.getSID().match(signer)) throw new Exception("the signature names another signer");
    Files.write(Path.of(arguments[3]), (byte[]) signed.getSignedContent().getContent());
  }
}
