using System.Buffers;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Testing;

namespace Tarn.Catalog.Tests.Hive.Thrift;

public sealed class ThriftCodecTests
{
    private static readonly ThriftLimits s_limits = new();

    [Fact]
    public void Write_RandomMessages_ReadBackTheSame()
    {
        for (int seed = Soak.Seed, end = seed + Soak.Rounds(500, 100_000); seed < end; seed++)
        {
            byte[] bytes = Encode(new RandomMessages(new Random(seed)).Next());
            Assert.True(bytes.AsSpan().SequenceEqual(Encode(ThriftReader.Read(bytes, s_limits))), $"seed {seed}");
        }
    }

    [Fact]
    public void Advance_BytesInPieces_FindsTheEndOfEachMessage()
    {
        for (int seed = Soak.Seed, end = seed + Soak.Rounds(300, 50_000); seed < end; seed++)
        {
            var random = new Random(seed);
            var messages = new RandomMessages(random);
            byte[][] sent = [Encode(messages.Next()), Encode(messages.Next()), Encode(messages.Next())];
            var scanner = new MessageScanner(s_limits);
            var found = new List<int>();
            byte[] all = [.. sent.SelectMany(s => s)];
            for (int at = 0, walked = 0; at < all.Length || walked < at;)
            {
                at = Math.Min(all.Length, at + random.Next(1, 40));
                while (true)
                {
                    var reader = new SequenceReader<byte>(new ReadOnlySequence<byte>(all, walked, at - walked));
                    bool isWhole = scanner.Advance(ref reader);
                    walked += (int)reader.Consumed;
                    if (!isWhole)
                        break;
                    found.Add(walked);
                }

                if (at == all.Length)
                    break;
            }

            Assert.True(found.SequenceEqual([sent[0].Length, sent[0].Length + sent[1].Length, all.Length]), $"seed {seed}: {string.Join(", ", found)} of {all.Length}");
        }
    }

    [Fact]
    public void Advance_DamagedBytes_EndsInAFormatErrorOrAWholeMessage()
    {
        for (int seed = Soak.Seed, end = seed + Soak.Rounds(3_000, 1_000_000); seed < end; seed++)
        {
            var random = new Random(seed);
            byte[] bytes = Encode(new RandomMessages(random).Next());
            for (int i = random.Next(1, 8); i > 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                var reader = new SequenceReader<byte>(new ReadOnlySequence<byte>(bytes));
                if (new MessageScanner(s_limits).Advance(ref reader))
                    ThriftReader.Read(bytes.AsSpan(0, (int)reader.Consumed), s_limits);
            }
            catch (ThriftFormatException)
            {
                continue;
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}: {error}");
            }
        }
    }

    [Fact]
    public void Read_RandomBytesAlone_IsAFormatErrorAtWorst()
    {
        for (int seed = Soak.Seed, end = seed + Soak.Rounds(3_000, 1_000_000); seed < end; seed++)
        {
            var random = new Random(seed);
            byte[] bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            if (random.Next(2) == 0 && bytes.Length > 4)
                new byte[] { 0x80, 1, 0, 1 }.CopyTo(bytes, 0);
            try
            {
                ThriftReader.Read(bytes, s_limits);
            }
            catch (ThriftFormatException)
            {
                continue;
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}: {error}");
            }
        }
    }

    [Theory]
    [InlineData("80020001", "version")]
    [InlineData("7fffffff", "name")]
    [InlineData("8001000100000001610000000008", "")]
    [InlineData("800100010000000161000000000B00017fffffff", "text")]
    [InlineData("800100010000000161000000000B0001ffffffff", "length")]
    [InlineData("800100010000000161000000000F00010800989680", "elements")]
    [InlineData("8001000100000001610000000005", "")]
    [InlineData("80010001000000016100000000050001", "type 5")]
    [InlineData("47455420", "name")]
    public void Advance_BeyondALimit_FailsBeforeTheBytesAreThere(string hex, string reason)
    {
        var error = Record.Exception(() =>
        {
            var reader = new SequenceReader<byte>(new ReadOnlySequence<byte>(Convert.FromHexString(hex)));
            Assert.False(new MessageScanner(s_limits).Advance(ref reader));
        });
        if (reason.Length == 0)
            Assert.Null(error);
        else
            Assert.Contains(reason, Assert.IsType<ThriftFormatException>(error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Advance_StructsInsideEachOther_StopAtTheLimit()
    {
        byte[] head = Convert.FromHexString("80010001000000016100000000");
        byte[] nested = [.. head, .. Enumerable.Repeat<byte[]>([12, 0, 1], 1_000).SelectMany(b => b)];
        Assert.Throws<ThriftFormatException>(() =>
        {
            var reader = new SequenceReader<byte>(new ReadOnlySequence<byte>(nested));
            new MessageScanner(s_limits).Advance(ref reader);
        });
        Assert.Throws<ThriftFormatException>(() => ThriftReader.Read(nested, s_limits));
    }

    [Fact]
    public void Read_UnknownAndMistypedFields_CountAsUnset()
    {
        var read = new ThriftStruct().With(1, 5).With(99, "x").With(3, "later").With(3, "last");
        Assert.Null(read.Text(1));
        Assert.Equal(("last", 7, 0), (read.Text(3), read.Int(2, 7), read.Map(4).Count));
        Assert.False(read.Bool(3));
    }

    internal static byte[] Encode(ThriftMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        new ThriftWriter(buffer).Write(message);
        return buffer.WrittenSpan.ToArray();
    }
}
