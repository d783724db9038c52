/** Reaching the server: connections, tables, status. */
package io.firn.source.connect;
