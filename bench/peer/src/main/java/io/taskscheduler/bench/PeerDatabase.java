package io.taskscheduler.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** The peer's database, H2 embedded or PostgreSQL, with db-scheduler's table and the indexes that it advises. */
final class PeerDatabase {
    private static final String POSTGRESQL = "postgresql:";
    private static final String[] TABLE = {
            "drop table if exists scheduled_tasks",
            """
                    create table scheduled_tasks (
                      task_name varchar(100) not null, task_instance varchar(100) not null, task_data blob,
                      execution_time timestamp(6) with time zone not null, picked boolean not null, picked_by varchar(50),
                      last_success timestamp(6) with time zone, last_failure timestamp(6) with time zone, consecutive_failures int,
                      last_heartbeat timestamp(6) with time zone, version bigint not null, priority smallint,
                      primary key (task_name, task_instance))""",
            "create index execution_time_index on scheduled_tasks (execution_time)",
            "create index last_heartbeat_index on scheduled_tasks (last_heartbeat)"};

    private PeerDatabase() {}

    static boolean isH2(String place) {
        return !place.startsWith(POSTGRESQL);
    }

    /**
     * @param place
     *            as H2 names it, mem:NAME or file:PATH, or as PostgreSQL's driver does, postgresql://…, whose table is made anew
     * @param connections
     *            at most, one to each thread that may want one
     */
    static HikariDataSource open(String place, int connections) throws SQLException {
        HikariConfig pool = new HikariConfig();
        // Closed by whoever opened it: H2's own hook would close it while the scheduler still uses it.
        pool.setJdbcUrl(
                isH2(place) ? "jdbc:h2:" + place + ";DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE" : "jdbc:" + place);
        pool.setMaximumPoolSize(connections);
        HikariDataSource database = new HikariDataSource(pool);
        try (Connection connection = database.getConnection(); Statement statement = connection.createStatement()) {
            for (String part : TABLE) {
                statement.execute(isH2(place) ? part : part.replace("blob", "bytea"));
            }
        }
        return database;
    }
}
