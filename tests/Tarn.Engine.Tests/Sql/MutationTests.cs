using System.Reflection;
using Tarn.Engine.Sql;
using Tarn.Testing;

namespace Tarn.Engine.Tests.Sql;

public sealed class MutationTests
{
    [Fact]
    public void Parse_MutatedStatements_GiveAStatementOrASyntaxError()
    {
        var random = new Random(Soak.Seed);
        var seeds = Examples().ToArray();
        Assert.True(seeds.Length > 200);
        for (var round = Soak.Rounds(5_000, 2_000_000); round > 0; round--)
        {
            var sql = Mutate(random, seeds);
            try
            {
                Assert.NotEmpty(StatementDump.Of(sql));
            }
            catch (SqlSyntaxException error)
            {
                Assert.NotEmpty(error.Problem);
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {Soak.Seed}: {sql}\n{error}");
            }
        }
    }

    // Every statement that stands in a table of these tests.
    private static IEnumerable<string> Examples() =>
        from type in typeof(MutationTests).Assembly.GetTypes()
        where type.Namespace is not null && type.Namespace.StartsWith(typeof(MutationTests).Namespace!, StringComparison.Ordinal)
        from method in type.GetMethods()
        from data in method.GetCustomAttributesData()
        where data.AttributeType == typeof(InlineDataAttribute)
        let arguments = (IReadOnlyCollection<CustomAttributeTypedArgument>)data.ConstructorArguments[0].Value!
        select arguments.First().Value as string ?? "";

    private static string Mutate(Random random, string[] seeds)
    {
        var text = seeds[random.Next(seeds.Length)];
        for (var changes = random.Next(4); changes >= 0; changes--)
        {
            var other = seeds[random.Next(seeds.Length)];
            var (at, from, length) = (random.Next(text.Length + 1), random.Next(other.Length + 1), random.Next(12));
            text = random.Next(3) switch
            {
                0 => text[..at] + other.Substring(from, Math.Min(length, other.Length - from)) + text[at..],
                1 => text[..at] + text[Math.Min(text.Length, at + length)..],
                _ => text[..at] + other[from..],
            };
        }

        return text;
    }
}
