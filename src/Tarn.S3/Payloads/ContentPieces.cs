using System.Buffers;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Tarn.S3.Payloads;

/// <summary>
/// Content on its way, in pieces that a second thread takes in as well, in the same order and at its own speed. As long as it has a piece it goes on without
/// leaving its thread, and whoever fills pieces may be some ahead.
/// </summary>
internal sealed class ContentPieces : IDisposable
{
    private readonly int _pieceBytes, _count;
    private readonly List<byte[]> _buffers = [];
    private readonly Channel<byte[]> _free;
    private readonly Channel<ReadOnlyMemory<byte>> _filled;
    private readonly Task _work;

    /// <summary>Starts the second thread.</summary>
    /// <param name="pieceBytes">Least bytes of room in a piece.</param>
    /// <param name="count">Most pieces at the same time; as long as content comes slowly, one.</param>
    /// <param name="take">What it does with each.</param>
    public ContentPieces(int pieceBytes, int count, Action<ReadOnlyMemory<byte>> take)
    {
        (_pieceBytes, _count) = (pieceBytes, count);
        _free = Channel.CreateBounded<byte[]>(count);
        _filled = Channel.CreateBounded<ReadOnlyMemory<byte>>(count);
        _work = Task.Run(() => WorkAsync(take), CancellationToken.None);
    }

    /// <summary>Goes through all content: fills a piece, hands it to the second thread, and uses it here.</summary>
    /// <param name="fill">Puts bytes into a buffer and says how many; 0 at the end.</param>
    /// <param name="use">Is given each piece, which stays as it is until this returns.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>When the second thread is done, too; what it throws ends all.</returns>
    public async ValueTask RunAsync(Func<Memory<byte>, ValueTask<int>> fill, Func<ReadOnlyMemory<byte>, ValueTask> use, CancellationToken cancellationToken)
    {
        try
        {
            while (await NextAsync(cancellationToken) is { } buffer)
            {
                var piece = buffer.AsMemory(0, await fill(buffer));
                if (piece.IsEmpty)
                    break;
                _filled.Writer.TryWrite(piece);
                await use(piece);
            }
        }
        finally
        {
            _filled.Writer.TryComplete();
            await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _work;
    }

    /// <summary>Gives the room back; after <see cref="RunAsync"/>.</summary>
    public void Dispose()
    {
        foreach (byte[] buffer in _buffers)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    // Null when the second thread has failed.
    private async ValueTask<byte[]?> NextAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_free.Reader.TryRead(out byte[]? buffer))
            return buffer;
        if (_buffers.Count == _count || _work.IsCompleted)
            return await _free.Reader.WaitToReadAsync(cancellationToken) && _free.Reader.TryRead(out buffer) ? buffer : null;
        _buffers.Add(ArrayPool<byte>.Shared.Rent(_pieceBytes));
        return _buffers[^1];
    }

    private async Task WorkAsync(Action<ReadOnlyMemory<byte>> take)
    {
        try
        {
            await foreach (var piece in _filled.Reader.ReadAllAsync())
            {
                take(piece);
                MemoryMarshal.TryGetArray(piece, out var buffer);
                _free.Writer.TryWrite(buffer.Array!);
            }
        }
        finally
        {
            _free.Writer.TryComplete();
        }
    }
}
