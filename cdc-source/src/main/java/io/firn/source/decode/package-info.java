/**
 * From the server's bytes to Firn's values, by two ways that must agree: binlog rows and result
 * sets.
 */
package io.firn.source.decode;
