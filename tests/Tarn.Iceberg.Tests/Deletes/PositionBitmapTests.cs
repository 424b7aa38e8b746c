using Tarn.Core.Errors;
using Tarn.Iceberg.Deletes;
using Tarn.Iceberg.Serialization.Puffin;
using Tarn.Testing;
using Tarn.Testing.Deletes;
using Xunit.Abstractions;

namespace Tarn.Iceberg.Tests.Deletes;

/// <summary>Position bitmaps against a plain set, built and read back.</summary>
public sealed class PositionBitmapTests(ITestOutputHelper output)
{
    [Fact]
    public void Build_RandomPositions_HoldsExactlyThem()
    {
        for (int seed = 0; seed < Soak.Rounds(6, 60); seed++)
        {
            output.WriteLine($"seed {seed}");
            var positions = RandomPositions(new Random(seed));
            var builder = new PositionBitmapBuilder();
            foreach (long position in positions)
                builder.Add(position);
            Verify(builder.Build(), [.. positions], new Random(seed));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_RandomDeletionVector_HoldsExactlyItsPositions(bool withRuns)
    {
        for (int seed = 100; seed < 100 + Soak.Rounds(5, 50); seed++)
        {
            output.WriteLine($"seed {seed}");
            var positions = RandomPositions(new Random(seed));
            Verify(DeletionVectorBlob.Read(RoaringBytes.Blob(RoaringBytes.Of(positions, withRuns))), [.. positions], new Random(seed));
        }
    }

    [Fact]
    public void Union_RandomBitmaps_HoldsPositionsOfEach()
    {
        for (int seed = 200; seed < 200 + Soak.Rounds(3, 30); seed++)
        {
            output.WriteLine($"seed {seed}");
            long[][] parts = [.. Enumerable.Range(0, 3).Select(i => RandomPositions(new Random((seed * 10) + i)))];
            var union = PositionBitmap.Union([.. parts.Select((p, i) => DeletionVectorBlob.Read(RoaringBytes.Blob(RoaringBytes.Of(p, i == 1))))]);
            Verify(union, [.. parts.SelectMany(p => p)], new Random(seed));
        }
    }

    [Fact]
    public void Read_RandomDamage_IsAnErrorOrTheSamePositions()
    {
        var random = new Random(4711);
        byte[] blob = RoaringBytes.Blob(RoaringBytes.Of(RandomPositions(random), withRuns: true));
        long[] positions = [.. DeletionVectorBlob.Read(blob).Positions()];
        for (int round = 0; round < Soak.Rounds(500, 5_000); round++)
        {
            byte[] damaged = [.. blob[..(round % 3 == 0 ? random.Next(blob.Length) : blob.Length)]];
            if (damaged.Length == blob.Length)
                damaged[random.Next(damaged.Length)] ^= (byte)(1 + random.Next(255));
            var error = Assert.Throws<TarnException>(() => DeletionVectorBlob.Read(damaged));
            Assert.Equal(ErrorKind.DataCorrupted, error.Kind);
        }

        Assert.Equal(positions, DeletionVectorBlob.Read(blob).Positions());
    }

    [Fact]
    public void Read_DamageUnderRightChecksum_EndsInErrorOrBitmap()
    {
        var random = new Random(4712);
        byte[] bitmap = RoaringBytes.Of(RandomPositions(random), withRuns: true);
        for (int round = 0; round < Soak.Rounds(1_000, 20_000); round++)
        {
            byte[] damaged = [.. bitmap];
            for (int flips = random.Next(1, 4); flips > 0; flips--)
                damaged[random.Next(Math.Min(damaged.Length, 200))] = (byte)random.Next(256);
            try
            {
                _ = DeletionVectorBlob.Read(RoaringBytes.Blob(damaged)).Count;
            }
            catch (TarnException e)
            {
                Assert.Equal(ErrorKind.DataCorrupted, e.Kind);
            }
        }
    }

    private static void Verify(PositionBitmap bitmap, HashSet<long> expected, Random random)
    {
        Assert.Equal(expected.Count, bitmap.Count);
        Assert.Equal(expected.Order(), bitmap.Positions());
        long[] sample = [.. expected.Order()];
        for (int round = 0; round < 50; round++)
        {
            long near = (sample.Length == 0 ? 0 : sample[random.Next(sample.Length)]) + random.Next(-3000, 3000);
            bool[] flags = [.. Enumerable.Repeat(true, random.Next(1, 2049))];
            long first = Math.Max(0, near);
            bitmap.Clear(first, flags);
            for (int i = 0; i < flags.Length; i++)
                Assert.Equal(!expected.Contains(first + i), flags[i]);
            Assert.Equal(expected.Contains(first), bitmap.Contains(first));
            Assert.Equal(expected.Count(p => p < first), bitmap.CountBelow(first));
        }
    }

    // Scattered, dense and in runs; within one container, over several, beyond 32 bits.
    private static long[] RandomPositions(Random random)
    {
        var positions = new List<long>();
        for (int part = random.Next(1, 5); part > 0; part--)
        {
            long start = random.Next(3) switch { 0 => 0, 1 => random.Next(200_000), _ => ((long)random.Next(1, 4) << 32) + random.Next(70_000) };
            int length = random.Next(1, 90_000);
            int keepOneOf = random.Next(3) switch { 0 => 1, 1 => random.Next(2, 12), _ => random.Next(50, 3000) };
            for (int i = 0; i < length; i++)
            {
                if (random.Next(keepOneOf) == 0)
                    positions.Add(start + i);
            }
        }

        return [.. positions];
    }
}
