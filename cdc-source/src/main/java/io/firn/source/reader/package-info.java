/** The reader: capturing in one thread, polling in another, a bounded queue between them. */
package io.firn.source.reader;
