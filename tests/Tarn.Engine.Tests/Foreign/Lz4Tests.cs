using System.Buffers.Binary;
using Tarn.Core.Errors;
using Tarn.Engine.Parquet;
using Tarn.Iceberg.Serialization.Compression;
using Tarn.Testing;

namespace Tarn.Engine.Tests.Foreign;

/// <summary>The decoder of Parquet's deprecated LZ4: by hand-made blocks, and with damage at random.</summary>
public sealed class Lz4Tests
{
    // "abcd", then a match of distance 4 and length 8, then the literal "z".
    private static readonly byte[] Block = [0x44, (byte)'a', (byte)'b', (byte)'c', (byte)'d', 4, 0, 0x10, (byte)'z'];
    private static readonly byte[] Text = "abcdabcdabcdz"u8.ToArray();

    [Fact]
    public void TryDecode_MatchThatOverlapsItself_RepeatsIt()
    {
        byte[] output = new byte[Text.Length];
        Assert.True(Lz4Block.TryDecode(Block, output, out int written));
        Assert.Equal(Text.Length, written);
        Assert.Equal(Text, output);
    }

    [Fact]
    public void TryDecode_LongLiterals_ReadsLengthBytes()
    {
        byte[] literals = [.. Enumerable.Range(0, 300).Select(i => (byte)i)];
        byte[] output = new byte[300];
        Assert.True(Lz4Block.TryDecode([0xF0, 255, 30, .. literals], output, out _));
        Assert.Equal(literals, output);
    }

    [Fact]
    public void TryDecode_HadoopFrames_JoinsThem()
    {
        byte[] framed = [.. Frame(Text.Length * 2, Block, Block), .. Frame(Text.Length, Block)];
        byte[] output = new byte[Text.Length * 3];
        Assert.True(HadoopLz4.TryDecode(framed, output));
        Assert.Equal([.. Text, .. Text, .. Text], output);
    }

    [Fact]
    public void TryDecode_BlockWithoutFrame_IsRead()
    {
        byte[] output = new byte[Text.Length];
        Assert.True(HadoopLz4.TryDecode(Block, output));
        Assert.Equal(Text, output);
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0x44 })]
    [InlineData(new byte[] { 0x04, 0, 0 })]
    [InlineData(new byte[] { 0x14, 1, 9, 0 })]
    [InlineData(new byte[] { 0xF0, 255, 255, 255 })]
    public void TryDecode_Damaged_IsFalse(byte[] input) => Assert.False(Lz4Block.TryDecode(input, new byte[64], out _));

    [Fact]
    public void TryDecode_RandomBytes_EndsWithoutException()
    {
        var random = new Random(4711);
        byte[] output = new byte[4096];
        for (int round = 0; round < 20_000; round++)
        {
            byte[] input = new byte[random.Next(200)];
            random.NextBytes(input);
            HadoopLz4.TryDecode(input, output.AsSpan(0, random.Next(output.Length)));
        }
    }

    [Fact]
    public void Rewrite_DamagedFile_IsRightOrCorrupted()
    {
        if (SharedFolder.TryGet("fixtures", "iceberg", "tables", "codec_parquet_lz4", "data") is not { } folder)
            return;
        byte[] original = File.ReadAllBytes(Directory.EnumerateFiles(folder, "*.parquet").First());
        var temporary = Directory.CreateTempSubdirectory("tarn-lz4-");
        var random = new Random(17);
        string from = Path.Combine(temporary.FullName, "from.parquet"), to = Path.Combine(temporary.FullName, "to.parquet");
        for (int round = 0; round < 300; round++)
        {
            byte[] damaged = [.. original];
            for (int i = 0; i <= round % 4; i++)
                damaged[random.Next(4, damaged.Length - 8)] = (byte)random.Next(256);
            File.WriteAllBytes(from, damaged);
            var error = Record.Exception(() => Lz4Rewriter.Rewrite(from, to));
            Assert.True(error is null or TarnException { Kind: ErrorKind.DataCorrupted }, $"round {round}: {error}");
        }

        temporary.Delete(recursive: true);
    }

    private static byte[] Frame(int size, params byte[][] blocks) => [.. BigEndian(size), .. blocks.SelectMany(b => (byte[])[.. BigEndian(b.Length), .. b])];

    private static byte[] BigEndian(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
