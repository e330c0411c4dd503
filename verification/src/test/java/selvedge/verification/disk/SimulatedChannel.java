package selvedge.verification.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** An open file or directory of a simulated disk. */
final class SimulatedChannel extends FileChannel {
  private static final String BAD_DISK = "Input/output error";

  private final SimulatedFileSystem system;
  private final Path path;
  private final Inode node;
  private long position;

  SimulatedChannel(SimulatedFileSystem system, Path path, Inode node) {
    this.system = system;
    this.path = path;
    this.node = node;
  }

  @Override
  public int read(ByteBuffer target) {
    int count = read(target, position);
    position += Math.max(count, 0);
    return count;
  }

  @Override
  public int read(ByteBuffer target, long from) {
    system.requireAlive();
    return node.read(target, from);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int count = write(source, position);
    position += count;
    return count;
  }

  /** A disk that fails or is full takes a part of the bytes at times. */
  @Override
  public int write(ByteBuffer source, long to) throws IOException {
    int count = source.remaining();
    boolean grows = to + count > node.size();
    if (system.disk().fails()) {
      int part = system.disk().random.nextInt(count + 1);
      ByteBuffer start = source.duplicate();
      start.limit(start.position() + part);
      node.write(start, to);
      throw new IOException(BAD_DISK);
    }
    system.disk().change(system, "write", path, grows, () -> node.write(source, to));
    return count;
  }

  @Override
  public void force(boolean metadata) throws IOException {
    if (system.disk().fails()) {
      throw new IOException(BAD_DISK);
    }
    system.disk().change(system, "sync", path, false, () -> sync());
  }

  private void sync() {
    if (!system.disk().lies()) {
      node.sync();
    }
  }

  @Override
  public FileChannel truncate(long length) throws IOException {
    system.disk().change(system, "truncate", path, false, () -> node.truncate(length));
    position = Math.min(position, length);
    return this;
  }

  @Override
  public long size() {
    system.requireAlive();
    return node.size();
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public FileChannel position(long place) {
    position = place;
    return this;
  }

  @Override
  public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(count, Math.max(0, size() - from)));
    read(buffer, from);
    return target.write(buffer.flip());
  }

  @Override
  public FileLock tryLock(long start, long length, boolean shared) {
    return new FileLock(this, start, length, shared) {
      @Override
      public boolean isValid() {
        return true;
      }

      @Override
      public void release() {}
    };
  }

  @Override
  public FileLock lock(long start, long length, boolean shared) {
    return tryLock(start, length, shared);
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long to, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long from, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  protected void implCloseChannel() {}
}
