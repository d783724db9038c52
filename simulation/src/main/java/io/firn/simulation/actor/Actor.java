package io.firn.simulation.actor;

import java.util.Random;

/** Somebody besides the pipeline who does something to the tables now and then. */
public interface Actor {
  /** Does it, to a table drawn at random; does nothing if it makes no sense now. */
  void act(Random random);
}
