using Tarn.Access.Policies;
using Tarn.Testing;

namespace Tarn.Access.Tests.Decisions;

/// <summary>What holds for every policy, tried on random ones.</summary>
public sealed class RandomPoliciesTests
{
    private static readonly string[] s_actions = ["s3:GetObject", "s3:PutObject", "s3:Get*", "s3:*", "*", "iam:*"];
    private static readonly string[] s_resources = ["*", "arn:aws:s3:::a", "arn:aws:s3:::a/*", "arn:aws:s3:::?/x", "arn:aws:s3:::b/${aws:username}"];
    private static readonly string[] s_principals = ["\"*\"", "{\"AWS\":\"111111111111\"}", "{\"AWS\":\"arn:aws:iam::111111111111:user/ada\"}"];

    [Fact]
    public void Evaluate_StatementsInAnyOrder_SaysTheSame() => Repeat((random, policy, ask) =>
    {
        var shuffled = Document(policy.OrderBy(_ => random.Next()).ToList());
        return ask(Document(policy)) == ask(shuffled);
    });

    [Fact]
    public void Evaluate_OneAllowMore_NeverTakesAccessAway() => Repeat((random, policy, ask) =>
        ask(Document(policy)) != PolicyVerdict.Allowed || ask(Document(policy.Append(Statement(random, "Allow")))) == PolicyVerdict.Allowed);

    [Fact]
    public void Evaluate_OneDenyMore_NeverGivesAccess() => Repeat((random, policy, ask) =>
        ask(Document(policy)) == PolicyVerdict.Allowed || ask(Document(policy.Append(Statement(random, "Deny")))) != PolicyVerdict.Allowed);

    [Fact]
    public void Evaluate_WithAMatchingDeny_IsDenied() => Repeat((random, policy, ask) =>
        ask(Document(policy.Append("""{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}"""))) == PolicyVerdict.Denied);

    private static void Repeat(Func<Random, List<string>, Func<PolicyDocument, PolicyVerdict>, bool> holds)
    {
        var random = new Random(Soak.Seed);
        for (int round = 0; round < Soak.Rounds(2_000, 200_000); round++)
        {
            List<string> policy = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Statement(random, random.Next(3) == 0 ? "Deny" : "Allow"))];
            string action = s_actions[random.Next(2)], resource = random.Next(2) == 0 ? "arn:aws:s3:::a/x" : "arn:aws:s3:::b/ada";
            var principal = random.Next(4) == 0 ? null : new PolicyPrincipal("arn:aws:iam::111111111111:user/ada", "111111111111", new string('a', 64));
            var values = new ConditionValues().Set("aws:username", "ada");
            PolicyVerdict Ask(PolicyDocument document) => PolicyEvaluator.Evaluate(document, principal, action, resource, values).Verdict;
            Assert.True(holds(random, policy, Ask), $"round {round}, TARN_SEED={Soak.Seed}: {Document(policy)} {action} {resource} {principal}");
        }
    }

    private static string Statement(Random random, string effect) =>
        $$"""{"Effect":"{{effect}}","Principal":{{Pick(random, s_principals)}},"{{(random.Next(5) == 0 ? "NotAction" : "Action")}}":"{{Pick(random, s_actions)}}","{{(random.Next(5) == 0 ? "NotResource" : "Resource")}}":"{{Pick(random, s_resources)}}"}""";

    private static PolicyDocument Document(IEnumerable<string> statements) =>
        PolicyDocument.Parse($$"""{"Version":"2012-10-17","Statement":[{{string.Join(',', statements)}}]}""", PolicyKind.Resource);

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}
