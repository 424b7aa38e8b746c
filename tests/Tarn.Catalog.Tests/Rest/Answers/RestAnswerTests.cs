using Microsoft.AspNetCore.Http;
using Tarn.Catalog.Rest.Answers;

namespace Tarn.Catalog.Tests.Rest.Answers;

public sealed class RestAnswerTests
{
    private const int PieceBytes = 256 << 10;

    [Fact]
    public async Task WriteAsync_PartsOfAnyLength_SendsAllBytesInOrder()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        int[] lengths = [0, 1, 4096, PieceBytes - 1, PieceBytes, PieceBytes + 1, 3 * PieceBytes, random.Next(4 * PieceBytes)];
        random.Shuffle(lengths);
        ReadOnlyMemory<byte>[] parts = [.. lengths.Select(length =>
        {
            byte[] part = new byte[length];
            random.NextBytes(part);
            return (ReadOnlyMemory<byte>)part;
        })];
        var sent = new MemoryStream();
        var http = new DefaultHttpContext { Response = { Body = sent } };

        await new RestAnswer(StatusCodes.Status200OK, parts).WriteAsync(http, default);
        await http.Response.CompleteAsync();

        Assert.Equal(lengths.Sum(), http.Response.ContentLength);
        Assert.True(parts.SelectMany(p => p.ToArray()).SequenceEqual(sent.ToArray()), $"Other bytes came than were sent; seed {seed}.");
    }

    [Fact]
    public async Task WriteAsync_Head_SendsNoBody()
    {
        var sent = new MemoryStream();
        var http = new DefaultHttpContext { Request = { Method = HttpMethods.Head }, Response = { Body = sent } };

        await new RestAnswer(StatusCodes.Status200OK, [new byte[10]]).WriteAsync(http, default);
        await http.Response.CompleteAsync();

        Assert.Equal(10, http.Response.ContentLength);
        Assert.Equal(0, sent.Length);
    }
}
