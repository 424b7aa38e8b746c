using System.Buffers;
using System.IO.MemoryMappedFiles;
using Tarn.Core.Errors;

namespace Tarn.Engine.Avro;

/// <summary>A file as memory that the operating system reads when it is looked at. Valid until disposed.</summary>
internal sealed unsafe class MappedFile : MemoryManager<byte>
{
    /// <summary>Largest file; a span has no more.</summary>
    public const long MaxSizeBytes = int.MaxValue;

    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* first;
    private readonly int length;
    private bool disposed;

    private MappedFile(string path, long length)
    {
        this.length = (int)length;
        file = MemoryMappedFile.CreateFromFile(
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref first);
        first += view.PointerOffset;
    }

    /// <summary>Maps a file.</summary>
    /// <param name="path">Local path.</param>
    /// <param name="location">What the table calls it, for messages.</param>
    /// <exception cref="TarnException">DataCorrupted: it is missing or empty. Unsupported: it is larger than <see cref="MaxSizeBytes"/>.</exception>
    public static MappedFile Open(string path, string location)
    {
        var found = new FileInfo(path);
        if (!found.Exists || found.Length == 0)
            throw TarnException.Corrupted($"Data file '{location}' is {(found.Exists ? "empty" : "missing")} although the table lists it. Restore the file, or roll the table back to a snapshot that does not need it.");
        if (found.Length > MaxSizeBytes)
            throw TarnException.Unsupported($"Avro file '{location}' has {found.Length} bytes; this version of Tarn reads {MaxSizeBytes} of Avro files. Rewrite it as smaller files.");
        return new MappedFile(path, found.Length);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return new Span<byte>(first, length);
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(first + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposed)
            return;
        disposed = true;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }
}
