/**
 * MySQL and MariaDB as a source of changes: snapshot, binlog, DDL and positions.
 *
 * <p>{@link io.firn.source.MySqlSource} is the way in.
 */
package io.firn.source;
