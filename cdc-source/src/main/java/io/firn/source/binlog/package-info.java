/**
 * The binlog: Debezium's connector connects and finds the place, the rows are decoded here.
 *
 * <p>Debezium's own record building (maps, structs and a metrics listener that writes every event
 * as JSON) costs about fifteen times what decoding into rows costs, so its streaming source is
 * subclassed where it takes events from the client.
 */
package io.firn.source.binlog;
