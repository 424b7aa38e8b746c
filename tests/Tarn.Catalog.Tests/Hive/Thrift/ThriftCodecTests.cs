using System.Buffers;
using System.Globalization;
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

    // Everything that takes memory counts, however few bytes it has: lists of empty lists, empty structs, fields.
    [Theory]
    [InlineData(15, "0f0001 0f", "0800000000")]
    [InlineData(13, "0f0001 0d", "080800000000")]
    [InlineData(12, "0f0001 0c", "00")]
    [InlineData(2, "0f0001 02", "01")]
    public void Elements_OfAllContainersTogether_AreLimited(byte type, string field, string element)
    {
        var limits = s_limits with { MaxElements = 1_000 };
        Assert.Null(Record.Exception(() => ReadBoth(Message(499), limits)));
        Assert.Contains("1000 elements", Assert.Throws<ThriftFormatException>(() => ThriftReader.Read(Message(500), limits)).Message, StringComparison.Ordinal);
        Assert.Contains("1000 elements", Assert.Throws<ThriftFormatException>(() => Scan(Message(500), limits)).Message, StringComparison.Ordinal);

        // Two lists, each with less than the limit.
        byte[] Message(int count)
        {
            byte[] one = [.. Bytes(field), .. Bytes(count.ToString("x8", CultureInfo.InvariantCulture)), .. Enumerable.Repeat(Bytes(element), count).SelectMany(b => b)];
            Assert.Equal(type, one[3]);
            return [.. Bytes("80010001 00000001 61 00000000"), .. one, .. one, 0];
        }
    }

    [Fact]
    public void Read_NestedContainers_TakesNoMoreMemoryThanItsElementsAllow()
    {
        const int elements = 10_000, mostBytesEach = 200;
        var limits = s_limits with { MaxElements = elements };
        for (int seed = Soak.Seed, end = seed + Soak.Rounds(300, 100_000); seed < end; seed++)
        {
            byte[] message = [.. Bytes("80010001 00000001 61 00000000"), .. Nested(new Random(seed), 30_000), 0];
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                ReadBoth(message, limits);
            }
            catch (ThriftFormatException)
            {
                // Most have too many.
            }

            long taken = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(taken < (2L * elements * mostBytesEach) + message.Length, $"seed {seed}: {taken} bytes for a message of {message.Length}");
        }
    }

    // Fields whose values are lists of lists, maps and structs, most of them empty.
    private static List<byte> Nested(Random random, int size)
    {
        List<byte> bytes = [];
        byte[][] leaves = [Bytes("0800000000"), Bytes("0b0b00000000"), Bytes("00")];
        byte[] types = [15, 13, 12];
        while (bytes.Count < size)
        {
            int leaf = random.Next(3), inner = random.Next(0, 50), outer = random.Next(1, 50);
            byte[] list = [types[leaf], .. BitConverter.GetBytes(inner).Reverse(), .. Enumerable.Repeat(leaves[leaf], inner).SelectMany(b => b)];
            bytes.AddRange([15, 0, (byte)random.Next(1, 9), 15, .. BitConverter.GetBytes(outer).Reverse(), .. Enumerable.Repeat(list, outer).SelectMany(b => b)]);
        }

        return bytes;
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private static void ReadBoth(byte[] message, ThriftLimits limits)
    {
        Scan(message, limits);
        ThriftReader.Read(message, limits);
    }

    private static void Scan(byte[] message, ThriftLimits limits)
    {
        var reader = new SequenceReader<byte>(new ReadOnlySequence<byte>(message));
        Assert.True(new MessageScanner(limits).Advance(ref reader));
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
