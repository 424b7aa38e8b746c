using System.Net;
using Tarn.Access;
using Tarn.Access.Administration;
using Tarn.Access.Policies;
using Tarn.CommandLine;
using Tarn.Core.Errors;
using Tarn.Output;

namespace Tarn.Commands.Access;

/// <summary><c>tarn policy</c>: who may do what.</summary>
internal static class PolicyCommands
{
    private static readonly ArgumentSpec s_policy = new("POLICY", "name of the policy");
    private static readonly OptionSpec[] s_holder = [IdentityOptions.OfUser, IdentityOptions.OfGroup, IdentityOptions.OfRole];

    public static CommandSpec Spec { get; } = CommandSpec.Group("policy", "put, attach and try out policies in AWS's policy language", Put, List, Show, Attach, Simulate, Detach, Remove);

    private static CommandSpec Put => new("policy put", "create a policy or replace it")
    {
        Details = "With --user, --group or --role it becomes a policy of that identity alone (inline).",
        Arguments = [s_policy, new ArgumentSpec("FILE", "JSON in AWS's policy language, '-' for standard input")],
        Options = s_holder,
        Examples =
        [
            new("""echo '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::lake/raw/*"}]}' | tarn policy put read-raw -""", "a policy that others can have attached"),
            new("tarn policy put home home.json --user ada", "for one user only"),
        ],
        Run = IdentitySession.Change(async (context, session, cancellationToken) =>
        {
            string document = await IdentityOptions.ReadAsync(context, context.Words.Arguments[1], cancellationToken);
            if (IdentityOptions.FindHolder(context.Words) is { } holder)
                await session.Administration.PutInlinePolicyAsync(holder, context.Words.Arguments[0], document, cancellationToken);
            else
                await session.Administration.PutPolicyAsync(context.Words.Arguments[0], document, cancellationToken);
        }),
    };

    private static CommandSpec List => new("policy list", "list policies: built in and your own")
    {
        Examples = [new("tarn policy list", "and who has them")],
        Run = IdentitySession.Show(async (_, session, cancellationToken) => new RowsResult(
            [RowsResult.Text("policy"), RowsResult.Text("kind"), RowsResult.Text("attached_to"), RowsResult.Text("description")],
            [
                .. (await session.Administration.ListPoliciesAsync(cancellationToken))
                    .Select(p => new object?[] { p.Name, p.IsCanned ? "built in" : "own", IdentityOptions.Names(p.Holders.Select(h => h.ToString())), p.Description }),
            ])),
    };

    private static CommandSpec Show => new("policy show", "print the JSON of a policy")
    {
        Arguments = [s_policy],
        Examples = [new("tarn policy show readonly", "a built-in one as a model")],
        Run = IdentitySession.OnExisting(async (context, session, cancellationToken) =>
        {
            string name = context.Words.Arguments[0];
            var policy = (await session.Administration.ListPoliciesAsync(cancellationToken)).FirstOrDefault(p => p.Name == name)
                ?? throw TarnException.NotFound($"Policy '{name}' does not exist; 'tarn policy list' shows those that do.");
            context.Streams.Out.WriteLine(policy.Document.TrimEnd());
        }),
    };

    private static CommandSpec Attach => new("policy attach", "attach a policy to a user, group or role")
    {
        Arguments = [s_policy],
        Options = s_holder,
        Examples = [new("tarn policy attach read-raw --user ada", "counts from the next request on")],
        Run = IdentitySession.Change((context, session, cancellationToken) =>
            session.Administration.AttachPolicyAsync(IdentityOptions.RequireHolder(context.Words), context.Words.Arguments[0], cancellationToken).AsTask()),
    };

    private static CommandSpec Detach => new("policy detach", "detach a policy from a user, group or role")
    {
        Arguments = [s_policy],
        Options = s_holder,
        Examples = [new("tarn policy detach read-raw --user ada", "counts from the next request on")],
        Run = IdentitySession.Change((context, session, cancellationToken) =>
            session.Administration.DetachPolicyAsync(IdentityOptions.RequireHolder(context.Words), context.Words.Arguments[0], cancellationToken).AsTask()),
    };

    private static CommandSpec Simulate => new("policy simulate", "show whether a user or role may do something, and why")
    {
        Arguments = [new ArgumentSpec("ACTION", "e.g. s3:GetObject"), new ArgumentSpec("RESOURCE", "its ARN, e.g. arn:aws:s3:::lake/raw/x.csv")],
        Options =
        [
            IdentityOptions.OfUser with { Description = "who acts; anonymous when neither user nor role is given" },
            IdentityOptions.OfRole,
            new("resource-policy", "FILE", "policy of the bucket"),
            new("source", "ADDRESS", "where the request comes from"),
            new("with", "KEY=VALUE", "a condition value, e.g. s3:prefix=raw/; may be repeated") { Repeatable = true },
        ],
        Examples = [new("tarn policy simulate s3:GetObject arn:aws:s3:::lake/raw/x.csv --user ada", "nothing is done, only decided")],
        Run = IdentitySession.Show(async (context, session, cancellationToken) =>
        {
            var words = context.Words;
            var decision = await session.Administration.SimulateAsync(
                IdentityOptions.FindHolder(words),
                new AccessRequest
                {
                    Action = words.Arguments[0],
                    Resource = words.Arguments[1],
                    Conditions = Conditions(words),
                    ResourcePolicies = words.Value("resource-policy") is { } file ? [PolicyDocument.Parse(await IdentityOptions.ReadAsync(context, file, cancellationToken), PolicyKind.Resource)] : [],
                    Source = words.Value("source") is { } source ? Address(source) : null,
                },
                cancellationToken);
            return new RowsResult([RowsResult.Text("decision"), RowsResult.Text("reason")], [[decision.IsAllowed ? "allowed" : "denied", decision.Explanation]]);
        }),
    };

    private static CommandSpec Remove => new("policy rm", "remove a policy that nobody has, or one of an identity's own")
    {
        Arguments = [s_policy],
        Options = s_holder,
        Examples = [new("tarn policy rm read-raw", "for ever")],
        Run = IdentitySession.Change((context, session, cancellationToken) => IdentityOptions.FindHolder(context.Words) is { } holder
            ? session.Administration.PutInlinePolicyAsync(holder, context.Words.Arguments[0], null, cancellationToken).AsTask()
            : session.Administration.DeletePolicyAsync(context.Words.Arguments[0], cancellationToken).AsTask()),
    };

    private static ConditionValues Conditions(ParsedCommand words)
    {
        var values = new ConditionValues();
        foreach (var given in words.Values("with").Select(w => w.Split('=', 2)).GroupBy(w => w[0], w => w.Length == 2 ? w[1] : throw new UsageException($"--with '{w[0]}' is not of the form KEY=VALUE")))
            values.Set(given.Key, [.. given]);
        return values;
    }

    private static IPAddress Address(string text) => IPAddress.TryParse(text, out var address) ? address : throw new UsageException($"--source '{text}' is not an IP address");
}
