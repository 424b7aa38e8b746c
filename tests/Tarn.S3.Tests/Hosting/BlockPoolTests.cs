using System.Buffers;
using Tarn.S3.Hosting;

namespace Tarn.S3.Tests.Hosting;

/// <summary>Memory that the web server receives into.</summary>
public sealed class BlockPoolTests
{
    [Fact]
    public void Rent_FewBlocks_AreLarge()
    {
        using var pool = new BlockPool();
        using var block = pool.Rent(BlockPool.SmallBytes);
        Assert.Equal(BlockPool.LargeBytes, block.Memory.Length);
    }

    [Fact]
    public void Rent_BeyondTheLargeOnes_IsSmallUntilOneComesBack()
    {
        using var pool = new BlockPool();
        List<IMemoryOwner<byte>> rented = [.. Enumerable.Range(0, BlockPool.MostLarge).Select(_ => pool.Rent())];
        Assert.All(rented, b => Assert.Equal(BlockPool.LargeBytes, b.Memory.Length));
        Assert.Equal(BlockPool.SmallBytes, pool.Rent().Memory.Length);
        Assert.Equal(BlockPool.LargeBytes, pool.Rent(BlockPool.SmallBytes + 1).Memory.Length);
        rented[0].Dispose();
        rented[1].Dispose();
        Assert.Equal(BlockPool.LargeBytes, pool.Rent().Memory.Length);
    }

    [Fact]
    public void Dispose_Twice_GivesTheBlockToOneOnly()
    {
        using var pool = new BlockPool();
        var block = pool.Rent();
        block.Dispose();
        block.Dispose();
        using IMemoryOwner<byte> first = pool.Rent(), second = pool.Rent();
        Assert.NotSame(first, second);
    }

    [Fact]
    public void Rent_MoreThanABlock_IsRefused()
    {
        using var pool = new BlockPool();
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(BlockPool.LargeBytes + 1));
    }
}
