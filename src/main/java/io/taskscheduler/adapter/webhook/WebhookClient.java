package io.taskscheduler.adapter.webhook;

import java.io.IOException;
import java.net.Socket;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.ssl.TLS;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** The HTTP client of a function, set to do nothing that its caller did not ask for, and to connect to nothing but addresses that were checked. */
final class WebhookClient {

    // A connect that takes longer is dead; the rest of the attempt's time is for the answer.
    private static final Timeout CONNECT_TIMEOUT = Timeout.ofSeconds(10);

    // What a receiver may make us hold in memory before its headers are complete.
    private static final int MOST_HEADERS = 200;
    private static final int LONGEST_LINE = 16 * 1_024;

    private WebhookClient() {}

    /** Which trusts the authorities that Java trusts. */
    static CloseableHttpClient create(DnsResolver addresses) {
        return create(addresses, WebhookClient::withJavasAuthorities);
    }

    /** @param bundle authorities to be trusted beside those, in PEM */
    static CloseableHttpClient create(DnsResolver addresses, String bundle) throws UnusableSecret {
        return create(addresses, new DefaultClientTlsStrategy(TrustedAuthorities.context(bundle)));
    }

    // Java's own context, when a webhook goes by TLS: to read the authorities takes a twelfth of a start, and AWS's clients need them as well.
    private static SSLSocket withJavasAuthorities(Socket socket, String host, int port, @Nullable Object attachment,
            HttpContext context) throws IOException {
        try {
            return new DefaultClientTlsStrategy(SSLContext.getDefault()).upgrade(socket, host, port, attachment,
                    context);
        } catch (NoSuchAlgorithmException e) {
            throw new SSLException("Java's own TLS context cannot be made", e);
        }
    }

    private static CloseableHttpClient create(DnsResolver addresses, TlsSocketStrategy tls) {
        Http1Config bounds = Http1Config.custom().setMaxHeaderCount(MOST_HEADERS).setMaxLineLength(LONGEST_LINE)
                .build();
        return HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setConnectionFactory(ManagedHttpClientConnectionFactory.builder().http1Config(bounds)
                                .responseParserFactory(FewInterimAnswers.within(bounds)).build())
                        .setDnsResolver(addresses).setTlsSocketStrategy(tls)
                        .setDefaultTlsConfig(
                                TlsConfig.custom().setSupportedProtocols(TLS.V_1_2, TLS.V_1_3).build())
                        .setDefaultConnectionConfig(
                                ConnectionConfig.custom().setConnectTimeout(CONNECT_TIMEOUT).build())
                        .setMaxConnTotal(Integer.MAX_VALUE).setMaxConnPerRoute(Integer.MAX_VALUE).build())
                // No upgrade offer, or a receiver would see headers that nobody gave.
                // Nor authentication: there are no credentials, and the client logs the challenges that it cannot read.
                .setDefaultRequestConfig(RequestConfig.custom().setProtocolUpgradeEnabled(false)
                        .setAuthenticationEnabled(false).build())
                // A frozen function keeps sockets that the other side has closed long ago.
                .setConnectionReuseStrategy((request, response, context) -> false).disableAutomaticRetries()
                .disableRedirectHandling().disableCookieManagement().disableAuthCaching()
                .disableContentCompression().disableDefaultUserAgent().build();
    }
}
