package io.taskscheduler.handler.http;

import io.taskscheduler.app.Cost;
import io.taskscheduler.app.PreviewTask.Preview;
import io.taskscheduler.app.PreviewTask.Window;
import io.taskscheduler.app.port.Preflight.Address;
import io.taskscheduler.app.port.Preflight.Request;
import java.math.BigDecimal;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** What scheduling a task would lead to, as callers see it. The caller's header values are shown: they have just been sent, and go nowhere else. */
public final class PreviewView {

    private static final int NANO = 9;

    private PreviewView() {}

    public static String json(Preview preview) {
        return JsonText.write(json -> {
            json.writeStartObject();
            json.writeStringProperty("run_at", preview.task().runAt().toString());
            json.writeArrayPropertyStart("attempts");
            preview.attempts().forEach(window -> write(json, window));
            json.writeEndArray();
            write(json, preview.request(), signedContent(preview));
            write(json, preview.address());
            write(json, preview.cost());
            json.writeEndObject();
        });
    }

    /** What the signature after Standard Webhooks covers: id, seconds since 1970 and body. */
    private static String signedContent(Preview preview) {
        return preview.task().id() + "." + preview.attempts().getFirst().earliest().getEpochSecond() + "."
                + preview.request().body().orElse("");
    }

    private static void write(JsonGenerator json, Window window) {
        json.writeStartObject();
        json.writeNumberProperty("attempt", window.attempt());
        json.writeStringProperty("earliest", window.earliest().toString());
        json.writeStringProperty("latest", window.latest().toString());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Request request, String signedContent) {
        json.writeObjectPropertyStart("request");
        json.writeStringProperty("method", request.method());
        json.writeStringProperty("url", request.url());
        json.writeObjectPropertyStart("headers");
        request.headers().forEach(json::writeStringProperty);
        json.writeEndObject();
        request.body().ifPresent(body -> json.writeStringProperty("body", body));
        json.writeStringProperty("signed_content", signedContent);
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Address address) {
        json.writeObjectPropertyStart("address");
        List<String> addresses = switch (address) {
            case Address.Allowed allowed -> allowed.addresses();
            case Address.Blocked blocked -> blocked.addresses();
            case Address.DnsError none -> List.of();
        };
        json.writeStringProperty("verdict", switch (address) {
            case Address.Allowed allowed -> "allowed";
            case Address.Blocked blocked -> "blocked_address";
            case Address.DnsError none -> "dns_error";
        });
        json.writeArrayPropertyStart("addresses");
        addresses.forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Cost cost) {
        json.writeObjectPropertyStart("cost");
        json.writeName("usd");
        json.writeRawValue(BigDecimal.valueOf(cost.nanoUsd(), NANO).stripTrailingZeros().toPlainString());
        json.writeNumberProperty("write_units", cost.writeUnits());
        json.writeNumberProperty("calls", cost.calls());
        json.writeEndObject();
    }
}
