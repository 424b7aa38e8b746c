using Tarn.Storage.Buckets.Keys;

namespace Tarn.Storage.Tests.Buckets.Keys;

public sealed class IndexKeysTests
{
    [Fact]
    public void Version_RandomKeys_SortAsKeysThenNewestFirst()
    {
        var random = new Random(3);
        for (int round = 0; round < 5000; round++)
        {
            byte[] one = Bytes(random), other = Bytes(random);
            ulong first = (ulong)random.NextInt64(), second = (ulong)random.NextInt64();
            int expected = one.AsSpan().SequenceCompareTo(other);
            if (expected == 0)
                expected = second.CompareTo(first);
            int found = IndexKeys.Version("b", one, first).AsSpan().SequenceCompareTo(IndexKeys.Version("b", other, second));
            Assert.Equal(Math.Sign(expected), Math.Sign(found));
        }
    }

    [Fact]
    public void ReadKey_RandomKeys_GivesBackKeyAndSequence()
    {
        var random = new Random(4);
        int start = IndexKeys.Objects("bucket").Length;
        for (int round = 0; round < 2000; round++)
        {
            byte[] key = Bytes(random);
            ulong sequence = (ulong)random.NextInt64();
            byte[] indexKey = IndexKeys.Version("bucket", key, sequence);
            var buffer = new byte[indexKey.Length];
            int length = IndexKeys.ReadKey(indexKey, start, buffer, out var rest);
            Assert.Equal(key, buffer[..length]);
            Assert.Equal(sequence, IndexKeys.ReadSequence(rest));
        }
    }

    [Fact]
    public void After_Prefix_IsBehindAllThatBeginSo()
    {
        Assert.Equal([1, 3], IndexKeys.After([1, 2]));
        Assert.Equal([2], IndexKeys.After([1, 0xFF, 0xFF]));
        Assert.Empty(IndexKeys.After([0xFF]));
    }

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(0, 5)];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(random.Next(4) switch { 0 => 0, 1 => 1, 2 => 0xFF, _ => random.Next(256) });
        return bytes;
    }
}
