package io.taskscheduler.handler.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * API Gateway's events and answers (payload format 2.0) as JSON. Lambda's own serialisation does the same by reflection; at a cold start it takes
 * longer than an empty function does without it (see {@code bench/coldstart}).
 */
public final class GatewayEvents {

    private GatewayEvents() {}

    /**
     * Takes of an event what the API looks at. What is absent stays {@code null}, as Lambda's own reading leaves it.
     *
     * @throws IllegalArgumentException when it is no event of API Gateway
     */
    public static APIGatewayV2HTTPEvent read(InputStream input) {
        JsonNode event = tree(input);
        JsonNode context = event.path("requestContext");
        if (!context.path("http").path("method").isString()) {
            throw new IllegalArgumentException("the event is none of an HTTP API in payload format 2.0");
        }
        APIGatewayV2HTTPEvent read = new APIGatewayV2HTTPEvent();
        read.setRouteKey(event.path("routeKey").asString(""));
        read.setRawPath(event.path("rawPath").asString(""));
        read.setRawQueryString(event.path("rawQueryString").asString(""));
        if (event.path("headers").isObject()) {
            read.setHeaders(texts(event.path("headers")));
        }
        if (event.path("pathParameters").isObject()) {
            read.setPathParameters(texts(event.path("pathParameters")));
        }
        if (event.path("queryStringParameters").isObject()) {
            read.setQueryStringParameters(texts(event.path("queryStringParameters")));
        }
        if (event.path("body").isString()) {
            read.setBody(event.path("body").stringValue());
        }
        read.setIsBase64Encoded(event.path("isBase64Encoded").asBoolean(false));
        read.setRequestContext(context(context));
        return read;
    }

    /** As API Gateway takes it. */
    public static String write(APIGatewayV2HTTPResponse answer) {
        return JsonText.write(json -> {
            json.writeStartObject();
            json.writeNumberProperty("statusCode", answer.getStatusCode());
            json.writeObjectPropertyStart("headers");
            JsonText.writeMembers(json, answer.getHeaders());
            json.writeEndObject();
            json.writeStringProperty("body", answer.getBody());
            json.writeBooleanProperty("isBase64Encoded", answer.getIsBase64Encoded());
            json.writeEndObject();
        });
    }

    private static RequestContext context(JsonNode context) {
        RequestContext.Http http = new RequestContext.Http();
        http.setMethod(context.path("http").path("method").stringValue());
        RequestContext read = new RequestContext();
        read.setRequestId(context.path("requestId").asString(""));
        read.setHttp(http);
        JsonNode authorizer = context.path("authorizer");
        if (authorizer.isObject()) {
            read.setAuthorizer(authorizer(authorizer));
        }
        return read;
    }

    private static RequestContext.Authorizer authorizer(JsonNode authorizer) {
        RequestContext.Authorizer read = new RequestContext.Authorizer();
        if (authorizer.path("iam").path("userArn").isString()) {
            RequestContext.IAM iam = new RequestContext.IAM();
            iam.setUserArn(authorizer.path("iam").path("userArn").stringValue());
            read.setIam(iam);
        }
        if (authorizer.path("jwt").path("claims").isObject()) {
            RequestContext.Authorizer.JWT jwt = new RequestContext.Authorizer.JWT();
            jwt.setClaims(texts(authorizer.path("jwt").path("claims")));
            read.setJwt(jwt);
        }
        return read;
    }

    private static Map<String, String> texts(JsonNode members) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            texts.put(member.getKey(), member.getValue().asString(""));
        }
        return texts;
    }

    private static JsonNode tree(InputStream input) {
        try {
            return JsonTree.read(input);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the event is not JSON", e);
        }
    }
}
