/** Tasks as step functions, and the threads that drive them. */
package io.firn.runtime.schedule;
