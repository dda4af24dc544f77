package io.taskscheduler.local.lambda;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;

/** A handler as Lambda's runtime sees it: JSON in, JSON out, by the serialisers that the runtime uses. */
sealed interface Code {

    byte[] run(byte[] event, Context context) throws IOException;

    /** The code of a handler object. */
    static Code of(Object handler) {
        return switch (handler) {
            case RequestStreamHandler stream -> new Stream(stream);
            case RequestHandler<?, ?> typed -> typed(typed);
            default -> throw new IllegalArgumentException(
                    handler.getClass().getName() + " is neither a RequestHandler nor a RequestStreamHandler");
        };
    }

    @SuppressWarnings("unchecked")
    private static Code typed(RequestHandler<?, ?> handler) {
        Type[] arguments = typeArguments(handler.getClass());
        return new Typed((RequestHandler<Object, Object>) handler, serializer(arguments[0]), serializer(arguments[1]));
    }

    private static Type[] typeArguments(Class<?> handler) {
        Deque<Class<?>> classes = new ArrayDeque<>();
        for (Class<?> c = handler; c != null; c = c.getSuperclass()) {
            classes.add(c);
        }
        return classes.stream().flatMap(c -> Arrays.stream(c.getGenericInterfaces()))
                .filter(type -> type instanceof ParameterizedType p && p.getRawType() == RequestHandler.class)
                .map(type -> ((ParameterizedType) type).getActualTypeArguments()).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        handler.getName()
                                + " must say its event and answer types: implements RequestHandler<Event, Answer>"));
    }

    @SuppressWarnings("unchecked")
    private static PojoSerializer<Object> serializer(Type type) {
        if (type instanceof Class<?> event && LambdaEventSerializers.isLambdaSupportedEvent(event.getName())) {
            return LambdaEventSerializers.serializerFor((Class<Object>) event, event.getClassLoader());
        }
        return JacksonFactory.getInstance().getSerializer(type);
    }

    /** A handler that reads and writes bytes itself. */
    record Stream(RequestStreamHandler handler) implements Code {
        @Override
        public byte[] run(byte[] event, Context context) throws IOException {
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            handler.handleRequest(new ByteArrayInputStream(event), output, context);
            return output.toByteArray();
        }
    }

    /** A handler of typed events. */
    record Typed(RequestHandler<Object, Object> handler, PojoSerializer<Object> events,
            PojoSerializer<Object> answers) implements Code {
        @Override
        public byte[] run(byte[] event, Context context) {
            Object answer = handler.handleRequest(events.fromJson(new ByteArrayInputStream(event)), context);
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            answers.toJson(answer, output);
            return output.toByteArray();
        }
    }
}
