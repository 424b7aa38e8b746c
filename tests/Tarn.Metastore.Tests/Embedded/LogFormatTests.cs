using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Tarn.Core.Errors;
using Tarn.Metastore.Embedded;
using Tarn.Metastore.Serialization;

namespace Tarn.Metastore.Tests.Embedded;

public sealed class LogFormatTests
{
    [Fact]
    public void TryRead_AnyBytes_NeverThrowsAndNeverAccepts() =>
        Prop.ForAll<byte[]>(bytes => !FrameHeader.TryRead([.. "TFRM"u8, .. bytes], 0, out _)).QuickCheckThrowOnFailure();

    [Fact]
    public void TryRead_OneBitFlippedAnywhere_IsRefused()
    {
        byte[] frame = Frame("{\"number\":1}\n"u8, 36);
        Assert.True(FrameHeader.TryRead(frame, 36, out var header));
        Assert.Equal((36L, 36L + frame.Length), (header.Offset, header.End));
        Assert.False(FrameHeader.TryRead(frame, 37, out _));
        for (int bit = 0; bit < frame.Length * 8; bit++)
        {
            byte[] flipped = [.. frame];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(FrameHeader.TryRead(flipped, 36, out _));
        }
    }

    [Fact]
    public void ReadHeader_NewerVersion_IsUnsupported()
    {
        byte[] header = LogFormat.WriteHeader(Guid.NewGuid());
        header[8] = 2;
        BitConverter.TryWriteBytes(header.AsSpan(32), Core.Checksums.Crc32C.Compute(header.AsSpan(0, 32)));
        Assert.Equal(ErrorKind.Unsupported, Assert.Throws<TarnException>(() => LogFormat.ReadHeader(header, "log")).Kind);
    }

    [Fact]
    public void CommitJson_AnyNames_RoundTrip() => Prop.ForAll<NonNull<string>, NonNull<string>>((one, two) =>
    {
        var (name, text) = (Valid(one.Get), Valid(two.Get));
        var commit = new CommitRecord(9, new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.Zero).AddTicks(7), text, new CatalogAddress("lake", "dev"), [
            new CatalogChange.PutTable(Iceberg.Catalogs.TableIdentifier.Of(name, text), null, text)]);
        var buffer = new ArrayBufferWriter<byte>();
        CommitJson.Write(buffer, commit);
        var back = CommitJson.Read(buffer.WrittenMemory);
        Assert.Equal((commit.Number, commit.Time, commit.Principal, commit.At), (back.Number, back.Time, back.Principal, back.At));
        Assert.Equal(commit.Changes, back.Changes);
        Assert.Equal(1, buffer.WrittenSpan.Count((byte)'\n'));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"number\":1}")]
    [InlineData("{\"number\":1,\"time\":\"x\",\"principal\":\"a\",\"branch\":\"main\",\"changes\":[]}")]
    [InlineData("{\"number\":1,\"time\":\"2024-01-01T00:00:00Z\",\"principal\":null,\"branch\":\"main\",\"changes\":[]}")]
    public void CommitJson_Damaged_IsDataCorrupted(string line) =>
        Assert.Equal(ErrorKind.DataCorrupted, Assert.Throws<TarnException>(() => CommitJson.Read(System.Text.Encoding.UTF8.GetBytes(line))).Kind);

    [Fact]
    public void CommitJson_ChangeOfANewerVersion_IsUnsupported()
    {
        const string line = """{"number":1,"time":"2024-01-01T00:00:00Z","principal":"a","branch":"main","changes":[{"op":"put-function","name":["f"]}]}""";
        Assert.Equal(ErrorKind.Unsupported, Assert.Throws<TarnException>(() => CommitJson.Read(System.Text.Encoding.UTF8.GetBytes(line))).Kind);
    }

    private static byte[] Frame(ReadOnlySpan<byte> payload, long offset)
    {
        var frame = new byte[FrameHeader.SizeBytes + payload.Length];
        payload.CopyTo(frame.AsSpan(FrameHeader.SizeBytes));
        new FrameHeader(payload.Length, offset, offset, 1, 1, 0, 0).Seal(frame);
        return frame;
    }

    private static string Valid(string text) => string.Concat(text.Where(c => !char.IsSurrogate(c)));
}
