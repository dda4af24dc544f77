package io.taskscheduler.adapter.webhook;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;

/** The client for the authorities that are trusted by now: one for as long as they stay the same. */
final class WebhookClients {

    private final CheckedAddresses addresses;
    private final AtomicReference<Made> latest;

    private record Made(Optional<String> bundle, CloseableHttpClient client) {}

    WebhookClients(CheckedAddresses addresses) {
        this.addresses = addresses;
        this.latest = new AtomicReference<>(new Made(Optional.empty(), WebhookClient.create(addresses)));
    }

    /** @param bundle of authorities to be trusted beside Java's */
    CloseableHttpClient trusting(Optional<String> bundle) throws UnusableSecret {
        Made made = latest.get();
        if (!made.bundle().equals(bundle)) {
            made = new Made(bundle, bundle.isPresent()
                    ? WebhookClient.create(addresses, bundle.get())
                    : WebhookClient.create(addresses));
            // What still sends with the one before ends by itself: it holds no connection beyond that.
            latest.set(made);
        }
        return made.client();
    }
}
