using System.Runtime.CompilerServices;
using Tarn.Core.Errors;
using Tarn.Testing;

namespace Tarn.Iceberg.Tests.Serialization.Compression;

/// <summary>Feeds a reader with damaged forms of valid input: it may succeed or refuse, nothing else.</summary>
internal static class Mutations
{
    /// <summary>How many times the rounds of an ordinary run a soak takes.</summary>
    private const int SoakTimes = 50;

    /// <summary>Rounds from which on a soak says that they ran.</summary>
    private const int MentionedRounds = 10_000;

    internal static void Run(byte[] valid, int slice, Action<byte[]> read, int seed = 1, [CallerMemberName] string test = "")
    {
        int rounds = Soak.Rounds(slice, slice * SoakTimes);
        if (Soak.Factor > 0)
            seed = unchecked(seed + Soak.Seed);
        var random = new Random(seed);
        for (int round = 0; round < rounds; round++)
        {
            var damaged = Damage(valid, random);
            try
            {
                read(damaged);
            }
            catch (TarnException error) when (error.Kind is ErrorKind.DataCorrupted or ErrorKind.Unsupported)
            {
                Assert.NotEmpty(error.Message);
            }
            catch (Exception other) when (other is not OutOfMemoryException)
            {
                Assert.Fail($"Seed {seed}, round {round}: {other.GetType().Name} {other.Message} for {Convert.ToHexString(damaged[..Math.Min(64, damaged.Length)])}…\n{other.StackTrace}");
            }
        }

        if (Soak.Factor > 0 && rounds >= MentionedRounds)
            Console.WriteLine($"soak: {test}: {rounds} damaged forms of {valid.Length} bytes, seed {seed}, each read or refused");
    }

    private static byte[] Damage(byte[] valid, Random random)
    {
        byte[] bytes = [.. valid];
        int changes = random.Next(1, 5);
        for (int i = 0; i < changes && bytes.Length > 0; i++)
        {
            int at = random.Next(bytes.Length);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes = bytes[..at];
                    break;
                case 3:
                    bytes = [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(8))..]];
                    break;
                default:
                    bytes[at] = random.Next(2) == 0 ? (byte)0xFF : (byte)0;
                    break;
            }
        }

        return bytes;
    }
}
