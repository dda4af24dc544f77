package io.taskscheduler.handler.http;

import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.databind.json.JsonMapper;

/**
 * How what others wrote is parsed. Names of members are not kept from one text to the next: Jackson's table of them is shared by all callers of a
 * function, and whoever sends names that collide in it would have the others' texts refused.
 */
public final class JsonParsing {

    private JsonParsing() {}

    static JsonFactoryBuilder factory() {
        return JsonFactory.builder().disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES);
    }

    public static JsonMapper mapper() {
        return JsonMapper.builder(factory().build()).build();
    }
}
