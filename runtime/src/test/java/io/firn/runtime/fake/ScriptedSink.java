package io.firn.runtime.fake;

import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.sink.Committer;
import io.firn.model.sink.Sink;
import io.firn.model.sink.SinkWriter;
import io.firn.model.sink.WriterContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A {@link FakeSink} that can be told to fail, to wait, and to say what it was asked to do. */
public final class ScriptedSink implements Sink {
  private final FakeSink sink;

  /** Thrown by the next commits, one each, before anything is committed. */
  public final Deque<Throwable> commitFailures = new ArrayDeque<>();

  /** Thrown by the next commits, one each, after everything is committed. */
  public final Deque<Throwable> lateCommitFailures = new ArrayDeque<>();

  /** Whether writers found their state, in the order of their creation. */
  public final List<Boolean> stateRestored = new CopyOnWriteArrayList<>();

  /** Checkpoints that commit was called for. */
  public final List<Long> commits = new CopyOnWriteArrayList<>();

  /** When set, commits wait for it. */
  public volatile CountDownLatch holdCommits;

  /** Whether a commit was held up. */
  public volatile boolean commitHangs;

  /** Whether a commit that waits goes on waiting when it is interrupted, as native calls do. */
  public volatile boolean ignoreInterrupts;

  public volatile boolean closed;

  public ScriptedSink(FakeLake lake) {
    this.sink = new FakeSink(lake, Faults.none());
  }

  @Override
  public Optional<LakeState> open(String pipelineId) {
    return sink.open(pipelineId);
  }

  @Override
  public void fence(long epoch) {
    sink.fence(epoch);
  }

  @Override
  public Committer committer() {
    Committer real = sink.committer();
    return new Committer() {
      @Override
      public List<TableCommit> prepare(
          CheckpointMark checkpoint, List<SinkWriter.Committable> committables) {
        return real.prepare(checkpoint, committables);
      }

      @Override
      public void commit(CheckpointMark checkpoint, List<TableCommit> tableCommits) {
        CountDownLatch hold = holdCommits;
        while (hold != null && hold.getCount() > 0) {
          try {
            commitHangs = true;
            hold.await();
          } catch (InterruptedException e) {
            if (!ignoreInterrupts) {
              throw new IllegalStateException(e);
            }
          }
        }
        throwNext(commitFailures);
        commits.add(checkpoint.checkpointId());
        real.commit(checkpoint, tableCommits);
        throwNext(lateCommitFailures);
      }
    };
  }

  private static void throwNext(Deque<Throwable> failures) {
    Throwable failure;
    synchronized (failures) {
      failure = failures.poll();
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  @Override
  public SinkWriter createWriter(WriterContext context) {
    stateRestored.add(context.stateRestored());
    return sink.createWriter(context);
  }

  @Override
  public void close() {
    closed = true;
  }
}
