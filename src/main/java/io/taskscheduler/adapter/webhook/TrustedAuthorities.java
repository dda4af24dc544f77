package io.taskscheduler.adapter.webhook;

import io.taskscheduler.domain.AttemptResult.FailureKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whose certificates are believed. */
final class TrustedAuthorities {

    private TrustedAuthorities() {}

    /**
     * For Java's authorities, and those of the bundle.
     *
     * @param bundle certificates in PEM, one after the other
     */
    static SSLContext context(String bundle) throws UnusableSecret {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers(certificates(bundle)), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /** Java's, and those of the bundle. */
    static KeyStore certificates(String bundle) throws UnusableSecret, GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        for (X509Certificate authority : ofJava()) {
            trusted.setCertificateEntry("java-" + trusted.size(), authority);
        }
        for (Certificate authority : read(bundle)) {
            trusted.setCertificateEntry("bundle-" + trusted.size(), authority);
        }
        return trusted;
    }

    private static Collection<? extends Certificate> read(String pem) throws UnusableSecret {
        try {
            Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
            if (!certificates.isEmpty()) {
                return certificates;
            }
        } catch (CertificateException unreadable) {
            // As if there were none.
        }
        throw new UnusableSecret(FailureKind.SECRET_UNAVAILABLE,
                "the bundle of authorities holds no certificates in PEM");
    }

    static X509Certificate[] ofJava() throws GeneralSecurityException {
        for (TrustManager manager : managers(null)) {
            if (manager instanceof X509TrustManager authorities) {
                return authorities.getAcceptedIssuers();
            }
        }
        return new X509Certificate[0];
    }

    /** @param store Java's own when null, as the factory has it */
    private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
