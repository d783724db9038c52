package io.firn.runtime.fake;

import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.row.KeyHash;
import io.firn.model.row.Operation;
import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableId;
import io.firn.model.sink.Committer;
import io.firn.model.sink.Sink;
import io.firn.model.sink.SinkWriter;
import io.firn.model.sink.WriterContext;
import io.firn.model.state.KeyGroups;
import io.firn.model.state.StateTable;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A two-phase sink into a {@link FakeLake}. Its writers keep in keyed state how often every key
 * changed, and write that number with the row: state that is lost, stale or doubled shows in the
 * table.
 */
public final class FakeSink implements Sink {
  private final FakeLake lake;
  private final Faults faults;
  private long epoch;

  public FakeSink(FakeLake lake, Faults faults) {
    this.lake = lake;
    this.faults = faults;
  }

  @Override
  public Optional<LakeState> open(String pipelineId) {
    faults.hit("sink open");
    return lake.state();
  }

  @Override
  public void fence(long newEpoch) {
    faults.hit("before fence");
    epoch = newEpoch;
    lake.fence(newEpoch);
    faults.hit("after fence");
  }

  @Override
  public Committer committer() {
    return new FakeCommitter();
  }

  @Override
  public SinkWriter createWriter(WriterContext context) {
    return new Writer(context);
  }

  @Override
  public void close() {}

  /** Rows of one task for one table; what came before a truncation is left out. */
  record Written(TableId table, boolean truncate, List<FakeLake.Op> ops)
      implements SinkWriter.Committable {}

  private final class FakeCommitter implements Committer {
    @Override
    public List<TableCommit> prepare(
        CheckpointMark checkpoint, List<SinkWriter.Committable> committables) {
      faults.hit("prepare");
      Map<TableId, List<Written>> byTable = new LinkedHashMap<>();
      for (SinkWriter.Committable committable : committables) {
        byTable
            .computeIfAbsent(committable.table(), t -> new ArrayList<>())
            .add((Written) committable);
      }
      List<TableCommit> commits = new ArrayList<>();
      byTable.forEach((table, parts) -> commits.add(new TableCommit(table, 1, encode(parts))));
      return commits;
    }

    @Override
    public void commit(CheckpointMark checkpoint, List<TableCommit> commits) {
      Set<TableId> tables = new TreeSet<>();
      commits.forEach(commit -> tables.add(commit.table()));
      for (TableCommit commit : commits) {
        faults.hit("before table commit");
        Written all = decode(commit);
        lake.commit(epoch, checkpoint, tables, commit.table(), all.truncate(), all.ops());
        faults.hit("after table commit");
      }
    }
  }

  private static byte[] encode(List<Written> parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeBoolean(parts.stream().anyMatch(Written::truncate));
      for (Written part : parts) {
        for (FakeLake.Op op : part.ops()) {
          out.writeLong(op.key());
          out.writeUTF(op.value());
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private static Written decode(Committer.TableCommit commit) {
    try {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(commit.payload()));
      boolean truncate = in.readBoolean();
      List<FakeLake.Op> ops = new ArrayList<>();
      while (in.available() > 0) {
        long key = in.readLong();
        ops.add(new FakeLake.Op(key, in.readUTF()));
      }
      return new Written(commit.table(), truncate, ops);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private final class Writer implements SinkWriter {
    private final WriterContext context;
    private final StateTable counts;
    private final Set<TableId> announced = new HashSet<>();
    private final Map<TableId, SourcePosition> alreadyThere = new HashMap<>();
    private final Map<TableId, Written> written = new LinkedHashMap<>();

    Writer(WriterContext context) {
      this.context = context;
      this.counts = context.state().table("counts");
    }

    @Override
    public void apply(SchemaChange change) {
      TableId table = change.table();
      if (change instanceof SchemaChange.CreateTable) {
        if (announced.add(table) && !context.stateRestored()) {
          rebuild(table);
        }
      } else if (change instanceof SchemaChange.TruncateTable) {
        written.put(table, new Written(table, true, new ArrayList<>()));
        alreadyThere.remove(table);
        if (table.equals(FakeDatabase.ORDERS)) {
          counts.deleteRange(
              stateKey(context.keyGroups().start(), Long.MIN_VALUE),
              stateKey(context.keyGroups().end(), Long.MIN_VALUE));
        }
      }
    }

    private void rebuild(TableId table) {
      alreadyThere.put(table, lake.positionOf(table));
      if (!table.equals(FakeDatabase.ORDERS)) {
        return;
      }
      lake.ordersNow()
          .forEach(
              (key, value) -> {
                int group = groupOf(key);
                if (context.keyGroups().contains(group)) {
                  long count = Long.parseLong(value.substring(value.indexOf('#') + 1));
                  counts.put(stateKey(group, key), bytes(count));
                }
              });
    }

    @Override
    public void write(List<RowChange> changes) {
      for (RowChange change : changes) {
        if (!announced.contains(change.table())) {
          throw new AssertionError("Rows of " + change.table() + " before its schema");
        }
        SourcePosition seen = alreadyThere.get(change.table());
        if (seen == null || change.meta().position().compareTo(seen) >= 0) {
          write(change);
        }
      }
    }

    private void write(RowChange change) {
      List<FakeLake.Op> ops =
          written
              .computeIfAbsent(change.table(), t -> new Written(t, false, new ArrayList<>()))
              .ops();
      Row image = change.keyImage();
      if (change.table().equals(FakeDatabase.EVENTS)) {
        ops.add(new FakeLake.Op(0, (String) image.get(0)));
        return;
      }
      long key = (Long) image.get(change.schema().keyIndexes()[0]);
      int group = groupOf(key);
      if (!context.keyGroups().contains(group)) {
        throw new AssertionError("Key " + key + " is not of task " + context.subtask());
      }
      byte[] old = counts.get(stateKey(group, key));
      long count = old == null ? 1 : ByteBuffer.wrap(old).getLong() + 1;
      counts.put(stateKey(group, key), bytes(count));
      boolean delete = change.operation() == Operation.DELETE;
      ops.add(new FakeLake.Op(key, (delete ? "-" : image.get(2)) + "#" + count));
    }

    @Override
    public List<Committable> prepareCommit(long checkpointId) {
      List<Committable> result = new ArrayList<>(written.values());
      written.clear();
      return result;
    }

    @Override
    public void close() {}
  }

  private static int groupOf(long key) {
    return KeyGroups.ofHash(KeyHash.of(Row.of(key), new int[] {0}));
  }

  private static byte[] stateKey(int group, long key) {
    return ByteBuffer.allocate(10).putShort((short) group).putLong(key ^ Long.MIN_VALUE).array();
  }

  private static byte[] bytes(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }
}
