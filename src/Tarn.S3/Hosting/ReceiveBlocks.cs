using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Tarn.S3.Hosting;

/// <summary>
/// Gives the web server blocks to receive into that are larger than its own of 4 KiB: an upload then takes a sixteenth of the reads. Beyond a total, blocks
/// are small, so that many connections that each hold little do not hold much together.
/// </summary>
internal sealed class ReceiveBlocks : IMemoryPoolFactory<byte>
{
    /// <inheritdoc/>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new BlockPool();
}

/// <summary>Blocks of two sizes, kept for the next one who asks.</summary>
internal sealed class BlockPool : MemoryPool<byte>
{
    /// <summary>Length of a large block.</summary>
    public const int LargeBytes = 64 * 1024;

    /// <summary>Large blocks that are given out at the same time when a small one would do: 16 MiB.</summary>
    public const int MostLarge = 256;

    /// <summary>Length of a small block, that of a page of memory.</summary>
    public const int SmallBytes = 4096;

    // Unused blocks that are kept: of the small ones another 16 MiB.
    private const int KeptSmall = 4096;

    private readonly Shelf _large = new(LargeBytes, MostLarge), _small = new(SmallBytes, KeptSmall);

    /// <inheritdoc/>
    public override int MaxBufferSize => LargeBytes;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, LargeBytes);
        return (minBufferSize <= SmallBytes && _large.Rented >= MostLarge ? _small : _large).Take();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    private sealed class Shelf(int lengthBytes, int most)
    {
        private readonly Lock _gate = new();
        private readonly Stack<Block> _unused = new();
        private int _rented;

        public int Rented => Volatile.Read(ref _rented);

        public Block Take()
        {
            lock (_gate)
            {
                _rented++;
                return _unused.TryPop(out var block) ? block.Taken() : new Block(this, lengthBytes);
            }
        }

        public void PutBack(Block block)
        {
            lock (_gate)
            {
                _rented--;
                if (_unused.Count < most)
                    _unused.Push(block);
            }
        }
    }

    private sealed class Block(Shelf shelf, int lengthBytes) : IMemoryOwner<byte>
    {
        // Sockets need memory that stays where it is.
        private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(lengthBytes, pinned: true);
        private int _isRented = 1;

        public Memory<byte> Memory => _bytes;

        public Block Taken()
        {
            _isRented = 1;
            return this;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isRented, 0) == 1)
                shelf.PutBack(this);
        }
    }
}
