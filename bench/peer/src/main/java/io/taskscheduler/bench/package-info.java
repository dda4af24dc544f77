/**
 * What {@code bench/lateness} measures with: a receiver that notes when it is called, the peer, and the limit of the local
 * store. Each has a main class and a process of its own, which ends when its standard input does.
 */
package io.taskscheduler.bench;
