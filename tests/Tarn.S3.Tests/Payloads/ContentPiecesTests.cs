using Tarn.S3.Payloads;
using Tarn.Testing;

namespace Tarn.S3.Tests.Payloads;

/// <summary>Content that two threads go through.</summary>
public sealed class ContentPiecesTests
{
    private const int PieceBytes = 1000, Count = 3;

    [Fact]
    public async Task Run_AnyContent_ReachesBothInOrder()
    {
        var random = new Random(Soak.Seed);
        for (int round = 0; round < 50; round++)
        {
            byte[] content = new byte[random.Next(20_000)];
            random.NextBytes(content);
            var (taken, used) = (new MemoryStream(), new MemoryStream());
            using (var pieces = new ContentPieces(PieceBytes, Count, p => taken.Write(p.Span)))
            {
                await pieces.RunAsync(From(content, random), async p =>
                {
                    // What this thread holds stays as it is while the other one may be ahead or behind.
                    await Task.Yield();
                    used.Write(p.Span);
                }, CancellationToken.None);
            }

            Assert.True(content.AsSpan().SequenceEqual(taken.ToArray()), $"seed {Soak.Seed}, round {round}: second thread");
            Assert.True(content.AsSpan().SequenceEqual(used.ToArray()), $"seed {Soak.Seed}, round {round}: first thread");
        }
    }

    [Fact]
    public async Task Run_SecondThreadFails_EndsWithItsError()
    {
        using var pieces = new ContentPieces(PieceBytes, Count, _ => throw new InvalidDataException("second"));
        var endless = new byte[PieceBytes];
        var error = await Assert.ThrowsAsync<InvalidDataException>(async () =>
            await pieces.RunAsync(buffer => Fill(endless, buffer), _ => ValueTask.CompletedTask, CancellationToken.None));
        Assert.Equal("second", error.Message);
    }

    [Fact]
    public async Task Run_FirstThreadFails_WaitsForTheSecond()
    {
        int begun = 0, ended = 0;
        using var pieces = new ContentPieces(PieceBytes, Count, _ =>
        {
            Interlocked.Increment(ref begun);
            Thread.Yield();
            Interlocked.Increment(ref ended);
        });
        await Assert.ThrowsAsync<InvalidDataException>(async () => await pieces.RunAsync(
            buffer => Fill(new byte[PieceBytes], buffer), _ => throw new InvalidDataException("first"), CancellationToken.None));
        Assert.Equal(begun, ended);
        Assert.Equal(1, ended);
    }

    [Fact]
    public async Task Run_Cancelled_Ends()
    {
        using var cancelled = new CancellationTokenSource();
        using var pieces = new ContentPieces(PieceBytes, Count, _ => cancelled.Cancel());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await pieces.RunAsync(
            buffer => Fill(new byte[PieceBytes], buffer), _ => ValueTask.CompletedTask, cancelled.Token));
    }

    private static ValueTask<int> Fill(byte[] content, Memory<byte> buffer)
    {
        content.CopyTo(buffer);
        return ValueTask.FromResult(content.Length);
    }

    // Fewer bytes than there is room for, now and then.
    private static Func<Memory<byte>, ValueTask<int>> From(byte[] content, Random random)
    {
        int at = 0;
        return buffer =>
        {
            int length = Math.Min(content.Length - at, random.Next(1, PieceBytes + 1));
            content.AsMemory(at, length).CopyTo(buffer);
            at += length;
            return ValueTask.FromResult(length);
        };
    }
}
