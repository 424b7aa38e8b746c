using System.Buffers;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Catalog.Tests.Hive.Thrift;

namespace Tarn.Catalog.Tests.Hive.Recordings;

public sealed class RecordedFramesTests
{
    public static TheoryData<string> Files => [.. Recording.Names];

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_EveryRecordedMessage_WritesTheSameBytes(string file)
    {
        var limits = new ThriftLimits();
        foreach (var call in Recording.Load(file))
        {
            foreach (byte[] bytes in (byte[][])[call.Request, call.Response])
            {
                if (bytes.Length == 0)
                    continue;
                var reader = new SequenceReader<byte>(new ReadOnlySequence<byte>(bytes));
                Assert.True(new MessageScanner(limits).Advance(ref reader), $"{file} {call.Number}");
                Assert.Equal(bytes.Length, reader.Consumed);
                var message = ThriftReader.Read(bytes, limits);
                Assert.Equal(call.Method, message.Name);
                Assert.True(bytes.AsSpan().SequenceEqual(ThriftCodecTests.Encode(message)), $"{file} {call.Number}");
            }
        }
    }
}
