package io.taskscheduler.adapter.webhook;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.client5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.HttpMessageParserFactory;
import org.apache.hc.core5.http.io.SessionInputBuffer;

/**
 * Reads the heads of the answers on a connection, which is one attempt's: the last one's and those of interim answers (1xx) before it. The client
 * would read over these for ever; here it is {@value #MOST}.
 */
final class FewInterimAnswers implements HttpMessageParser<ClassicHttpResponse> {

    static final int MOST = 10;

    private final HttpMessageParser<ClassicHttpResponse> heads;
    private int read;

    private FewInterimAnswers(HttpMessageParser<ClassicHttpResponse> heads) {
        this.heads = heads;
    }

    /** @param bounds of each head */
    static HttpMessageParserFactory<ClassicHttpResponse> within(Http1Config bounds) {
        DefaultHttpResponseParserFactory factory = new DefaultHttpResponseParserFactory(bounds);
        return _ -> new FewInterimAnswers(factory.create());
    }

    @Override
    public ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream in) throws IOException, HttpException {
        if (read > MOST) {
            throw new ProtocolException("more than " + MOST + " interim answers");
        }
        read++;
        ClassicHttpResponse head = heads.parse(buffer, in);
        if (head != null && head.getCode() == HttpStatus.SC_SWITCHING_PROTOCOLS) {
            // Nobody offered it; the client would follow it to TLS.
            throw new ProtocolException("an answer that changes the protocol");
        }
        return head;
    }
}
