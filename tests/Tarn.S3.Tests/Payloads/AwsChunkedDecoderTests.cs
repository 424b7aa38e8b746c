using System.Globalization;
using System.Text;
using Tarn.S3.Authentication;
using Tarn.S3.Errors;
using Tarn.S3.Payloads;
using Tarn.Testing;

namespace Tarn.S3.Tests.Payloads;

public sealed class AwsChunkedDecoderTests
{
    [Fact]
    public void Decode_AnySplitOfAnyBody_GivesTheContentAndTrailer()
    {
        var random = new Random(Soak.Seed);
        for (int round = 0; round < Soak.Rounds(300, 30_000); round++)
        {
            byte[] content = new byte[random.Next(2000)];
            random.NextBytes(content);
            byte[] framed = Frame(content, random, "x-amz-checksum-crc32:AAAAAA==");
            var decoder = new AwsChunkedDecoder(null, true);
            Assert.True(content.SequenceEqual(DecodeInPieces(decoder, framed, random)), $"seed {Soak.Seed}, round {round}");
            Assert.True(decoder.IsComplete, $"seed {Soak.Seed}, round {round}");
            Assert.Equal("AAAAAA==", decoder.Trailer["X-Amz-Checksum-CRC32"]);
        }
    }

    [Fact]
    public void Decode_DamagedBodies_AreRefusedOrGiveContentAndNeverHang()
    {
        var random = new Random(Soak.Seed);
        for (int round = 0; round < Soak.Rounds(2000, 500_000); round++)
        {
            byte[] framed = Frame(new byte[random.Next(200)], random, "x-amz-checksum-crc32:AAAAAA==");
            for (int i = random.Next(1, 4); i > 0; i--)
                framed[random.Next(framed.Length)] = (byte)random.Next(256);
            try
            {
                _ = DecodeInPieces(new(null, true), framed, random);
            }
            catch (S3Exception refused)
            {
                Assert.True(refused.Error.Status == 400, $"seed {Soak.Seed}, round {round}: {refused.Message}");
            }
        }
    }

    [Theory]
    [InlineData("g\r\n", "IncompleteBody")]
    [InlineData("-1\r\n", "IncompleteBody")]
    [InlineData("1 \r\n", "IncompleteBody")]
    [InlineData("0x1\r\nx\r\n", "IncompleteBody")]
    [InlineData("7fffffffffffffff1\r\n", "IncompleteBody")]
    [InlineData("1\nx\r\n", "IncompleteBody")]
    [InlineData("1\r\nxy\r\n", "IncompleteBody")]
    [InlineData("0\r\nno colon\r\n\r\n", "MalformedTrailerError")]
    [InlineData("0\r\na:b\r\nA:c\r\n\r\n", "MalformedTrailerError")]
    public void Decode_BrokenFraming_IsRefused(string framed, string code)
    {
        var decoder = new AwsChunkedDecoder(null, true);
        var refused = Assert.Throws<S3Exception>(() => decoder.Decode(Encoding.ASCII.GetBytes(framed), new byte[100], out _));
        Assert.Equal(code, refused.Error.Code);
    }

    [Fact]
    public void Decode_LineWithoutEnd_IsRefusedAtTheLimit()
    {
        var decoder = new AwsChunkedDecoder(null, true);
        Assert.Throws<S3Exception>(() => decoder.Decode(Enumerable.Repeat((byte)'0', AwsChunkedDecoder.MaximumLineBytes + 1).ToArray(), new byte[100], out _));
    }

    [Fact]
    public void Decode_TrailerWhereNoneIsAllowed_IsRefused()
    {
        var decoder = new AwsChunkedDecoder(null, false);
        var refused = Assert.Throws<S3Exception>(() => decoder.Decode("0\r\na:b\r\n\r\n"u8, new byte[100], out _));
        Assert.Equal("MalformedTrailerError", refused.Error.Code);
    }

    // "Signature calculations for the authorization header: transferring payload in multiple chunks", the example with 65 KB of 'a'.
    [Fact]
    public void Decode_PublishedExample_VerifiesAllChunks()
    {
        var scope = new CredentialScope("AKIAIOSFODNN7EXAMPLE", "20130524", "us-east-1", "s3");
        byte[] key = SignatureV4.SigningKey("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", scope);
        using var chain = new ChunkSignatures(key, "20130524T000000Z", scope, "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
        string framed = "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n" + new string('a', 65536) + "\r\n"
            + "400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n" + new string('a', 1024) + "\r\n"
            + "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n";
        var decoder = new AwsChunkedDecoder(chain, false);
        Assert.Equal(66560, decoder.Decode(Encoding.ASCII.GetBytes(framed), new byte[70_000], out _));
        Assert.True(decoder.IsComplete);
    }

    private static byte[] DecodeInPieces(AwsChunkedDecoder decoder, byte[] framed, Random random)
    {
        using var content = new MemoryStream();
        byte[] buffer = new byte[256];
        for (int at = 0; at < framed.Length && !decoder.IsComplete;)
        {
            int length = Math.Min(random.Next(1, 300), framed.Length - at);
            int written = decoder.Decode(framed.AsSpan(at, length), buffer.AsSpan(0, random.Next(1, buffer.Length)), out int consumed);
            Assert.True(written > 0 || consumed > 0, "no progress");
            content.Write(buffer, 0, written);
            at += consumed;
        }

        return content.ToArray();
    }

    private static byte[] Frame(byte[] content, Random random, string trailer)
    {
        using var framed = new MemoryStream();
        for (int at = 0; at < content.Length;)
        {
            int length = Math.Min(random.Next(1, 700), content.Length - at);
            framed.Write(Encoding.ASCII.GetBytes(length.ToString(random.Next(2) == 0 ? "x" : "X", CultureInfo.InvariantCulture) + "\r\n"));
            framed.Write(content, at, length);
            framed.Write("\r\n"u8);
            at += length;
        }

        framed.Write(Encoding.ASCII.GetBytes("0\r\n" + trailer + "\r\n\r\n"));
        return framed.ToArray();
    }
}
