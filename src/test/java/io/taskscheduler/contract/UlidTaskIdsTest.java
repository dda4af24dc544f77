package io.taskscheduler.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.adapter.ulid.UlidTaskIds;
import io.taskscheduler.app.port.TaskIds;
import org.junit.jupiter.api.Test;

class UlidTaskIdsTest extends TaskIdsContract {

    /** A new one each time, as each function has its own. */
    @Override
    TaskIds ids() {
        return new UlidTaskIds();
    }

    /** Computed by other means: whoever changes it forgets every key in use. */
    @Test
    void a_keys_id_is_a_ulid_of_the_first_128_bits_of_its_hash() {
        assertThat(ids().of("order-4711").value()).isEqualTo("10E7BHXJ57QGDAEMT86S7R75FH");
    }
}
