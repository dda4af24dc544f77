package io.taskscheduler.local.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.json.JsonMapper;

class EventPatternTest {
    private static final String EVENT = """
            {"name": "INSERT", "count": 7, "ratio": 1.50, "yes": true, "none": null, "tags": ["a", "b"], "empty": [],
             "image": {"id": {"S": "x"}, "schema": {"N": "1"}}, "lines": [{"n": 1}, {"n": 2}]}""";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                                        | true
            {"name": ["INSERT"]}                                      | true
            {"name": ["MODIFY", "INSERT"]}                            | true
            {"name": ["MODIFY"]}                                      | false
            {"name": ["insert"]}                                      | false
            {"name": ["INSERT"], "count": [8]}                        | false
            {"count": [7]}                                            | true
            {"count": ["7"]}                                          | false
            {"ratio": [1.5]}                                          | true
            {"yes": [true]}                                           | true
            {"yes": ["true"]}                                         | false
            {"none": [null]}                                          | true
            {"missing": [null]}                                       | false
            {"tags": ["b"]}                                           | true
            {"tags": ["c"]}                                           | false
            {"image": {"schema": {"N": ["1"]}}}                       | true
            {"image": {"schema": {"N": [1]}}}                         | false
            {"image": {"schema": {"N": [{"exists": true}]}}}          | true
            {"image": {"schema": {"N": [{"exists": false}]}}}         | false
            {"image": {"shape": {"N": [{"exists": false}]}}}          | true
            {"image": {"shape": {"N": [{"exists": true}]}}}           | false
            {"picture": {"schema": {"N": [{"exists": false}]}}}       | true
            {"image": {"schema": [{"exists": false}]}}                | true
            {"image": {"schema": [{"exists": true}]}}                 | false
            {"none": [{"exists": true}]}                              | true
            {"empty": [{"exists": false}]}                            | true
            {"name": ["MODIFY", {"exists": true}]}                    | true
            {"name": {"inner": ["x"]}}                                | false
            {"lines": {"n": [2]}}                                     | true
            {"lines": {"n": [3]}}                                     | false
            """)
    void an_event_passes_as_it_does_on_aws(String pattern, boolean passes) {
        assertThat(EventPattern.parse(pattern, "P").matches(new JsonMapper().readTree(EVENT))).isEqualTo(passes);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a": [{"prefix": "x"}]}  | template.yaml, P.a: only values and {"exists": true or false} are supported locally, not {"prefix":"x"}
            {"a": [{"exists": "no"}]} | template.yaml, P.a: only values and {"exists": true or false} are supported locally, not {"exists":"no"}
            {"a": []}                 | template.yaml, P.a: must list at least one value
            {"a": "x"}                | template.yaml, P.a: must be an object, not "x"
            {"$or": [{"a": [1]}]}     | template.yaml, P.$or: is not supported locally
            ["a"]                     | template.yaml, P: must be an object, not ["a"]
            """)
    void what_is_not_understood_is_refused_with_its_place(String pattern, String message) {
        assertThatThrownBy(() -> EventPattern.parse(pattern, "P")).isInstanceOf(TemplateException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"{", "''"})
    void what_is_not_json_is_refused_with_its_place(String pattern) {
        assertThatThrownBy(() -> EventPattern.parse(pattern, "P")).isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("template.yaml, P: must be");
    }
}
