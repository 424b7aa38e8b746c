using Tarn.Access.Administration;
using Tarn.Access.Sessions;
using Tarn.Core.Errors;

namespace Tarn.Access.Tests.Sessions;

public sealed class SecurityTokenServiceTests
{
    private const string Get = "s3:GetObject", Put = "s3:PutObject", Object = AccessHouse.Bucket + "/a";
    private static readonly TokenRequestOrigin s_origin = new(null, "r1");

    [Fact]
    public async Task AssumeRole_Trusted_ActsAsTheRole()
    {
        await using var house = await AccessHouse.StartAsync();
        var ada = await house.AddUserAsync("ada");
        var role = await AddRoleAsync(house, ada.Arn, "readwrite");
        var given = await house.Tokens.AssumeRoleAsync(ada, new AssumeRoleRequest(role, "job-1"), s_origin);
        var caller = await house.CallAsync(given);
        Assert.Equal($"arn:aws:sts::{house.Account}:assumed-role/writer/job-1", caller.Arn);
        Assert.Equal((caller.Arn, house.Time.Now + TimeSpan.FromHours(1)), (given.Arn, given.Expiration));
        Assert.EndsWith(":job-1", given.UserId, StringComparison.Ordinal);
        Assert.True((await house.DecideAsync(caller, Put, Object)).IsAllowed);
        Assert.False((await house.DecideAsync(ada, Put, Object)).IsAllowed);
    }

    [Fact]
    public async Task AssumeRole_NotTrusted_IsDeniedEvenToAdmins()
    {
        await using var house = await AccessHouse.StartAsync();
        var (ada, bob) = (await house.AddUserAsync("ada"), await house.AddUserAsync("bob", "admin"));
        var role = await AddRoleAsync(house, ada.Arn, "readwrite");
        await AssertKindAsync(ErrorKind.PermissionDenied, house.Tokens.AssumeRoleAsync(bob, new AssumeRoleRequest(role, "job"), s_origin));
        await AssertKindAsync(ErrorKind.PermissionDenied, house.Tokens.AssumeRoleAsync(ada, new AssumeRoleRequest(role + "x", "job"), s_origin));
    }

    [Fact]
    public async Task AssumeRole_TrustOfTheAccount_NeedsAPolicyOfTheCaller()
    {
        await using var house = await AccessHouse.StartAsync();
        var ada = await house.AddUserAsync("ada");
        var role = (await house.Administration.CreateRoleAsync(new NewRole("writer", Policies: ["readwrite"]))).Arn;
        await AssertKindAsync(ErrorKind.PermissionDenied, house.Tokens.AssumeRoleAsync(ada, new AssumeRoleRequest(role, "job"), s_origin));
        await house.Administration.PutInlinePolicyAsync(
            new(PolicyHolderKind.User, "ada"), "may", $$"""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"{{role}}"} }""");
        Assert.NotNull(await house.Tokens.AssumeRoleAsync(ada, new AssumeRoleRequest(role, "job"), s_origin));
    }

    [Fact]
    public async Task AssumeRole_SessionPolicy_NarrowsTheRole()
    {
        await using var house = await AccessHouse.StartAsync();
        var ada = await house.AddUserAsync("ada");
        var role = await AddRoleAsync(house, ada.Arn, "readwrite");
        const string onlyGet = """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"} }""";
        var caller = await house.CallAsync(await house.Tokens.AssumeRoleAsync(ada, new AssumeRoleRequest(role, "job", Policy: onlyGet), s_origin));
        Assert.True((await house.DecideAsync(caller, Get, Object)).IsAllowed);
        Assert.Equal(DecisionReason.Narrowed, (await house.DecideAsync(caller, Put, Object)).Reason);
        string to(string arn) => $$"""{"Statement":{"Effect":"Allow","Principal":{"AWS":"{{arn}}"},"Action":"s3:PutObject","Resource":"*"} }""";
        Assert.False((await house.DecideAsync(caller, Put, Object, to(role))).IsAllowed);
        Assert.True((await house.DecideAsync(caller, Put, Object, to(caller.Arn))).IsAllowed);
        var managed = await house.CallAsync(await house.Tokens.AssumeRoleAsync(ada, new AssumeRoleRequest(role, "job", PolicyArns: [$"arn:aws:iam::{house.Account}:policy/readonly"]), s_origin));
        Assert.False((await house.DecideAsync(managed, Put, Object)).IsAllowed);
        Assert.True((await house.DecideAsync(managed, Get, Object)).IsAllowed);
    }

    [Fact]
    public async Task GetSessionToken_OfAServiceAccount_StaysAsNarrow()
    {
        await using var house = await AccessHouse.StartAsync();
        await house.AddUserAsync("ada", "readwrite");
        var service = await house.CallAsync(await house.Administration.CreateKeyAsync(new KeyRequest("ada", """{"Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"} }""")));
        var caller = await house.CallAsync(await house.Tokens.GetSessionTokenAsync(service));
        Assert.True((await house.DecideAsync(caller, Get, Object)).IsAllowed);
        Assert.False((await house.DecideAsync(caller, Put, Object)).IsAllowed);
        await AssertKindAsync(ErrorKind.PermissionDenied, house.Tokens.GetSessionTokenAsync(caller));
    }

    [Fact]
    public async Task Delegate_AnybodysCaller_MayDoExactlyTheGrant()
    {
        await using var house = await AccessHouse.StartAsync();
        var (ada, admin) = (await house.AddUserAsync("ada"), await house.AddUserAsync("adm", "admin"));
        foreach (var holder in (Caller[])[ada, admin])
        {
            var given = await house.Tokens.DelegateAsync(holder, new DelegationRequest("catalog", OnlyGet, TimeSpan.FromHours(1), "a table"));
            var caller = await house.CallAsync(given);
            Assert.Equal(($"arn:aws:sts::{house.Account}:assumed-role/catalog/{holder.Name}", holder.CanonicalId), (caller.Arn, caller.CanonicalId));
            Assert.True((await house.DecideAsync(caller, Get, Object)).IsAllowed);
            Assert.False((await house.DecideAsync(caller, Put, Object)).IsAllowed);
            Assert.False((await house.DecideAsync(caller, "iam:CreateUser", "*")).IsAllowed);
            // What a bucket opens to everybody, or to the service by name, is not added.
            Assert.False((await house.DecideAsync(caller, Put, Object, """{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"*"} }""")).IsAllowed);
            Assert.False((await house.DecideAsync(caller, Put, Object, $$"""{"Statement":{"Effect":"Allow","Principal":{"AWS":"{{caller.Arn}}"},"Action":"s3:PutObject","Resource":"*"} }""")).IsAllowed);
            Assert.False((await house.DecideAsync(caller, Get, Object, """{"Statement":{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*"} }""")).IsAllowed);
            await AssertKindAsync(ErrorKind.PermissionDenied, house.Tokens.DelegateAsync(caller, new DelegationRequest("catalog", OnlyGet, TimeSpan.FromHours(1), "a table")));
            await AssertKindAsync(ErrorKind.PermissionDenied, house.Tokens.GetSessionTokenAsync(caller));
        }
    }

    [Fact]
    public async Task Delegate_OfACallerThatEnds_EndsToo()
    {
        await using var house = await AccessHouse.StartAsync();
        var ada = await house.AddUserAsync("ada", "readwrite");
        var session = await house.CallAsync(await house.Tokens.GetSessionTokenAsync(ada, TimeSpan.FromMinutes(20)));
        var shortened = await house.Tokens.DelegateAsync(session, new DelegationRequest("catalog", OnlyGet, TimeSpan.FromHours(1), "a table"));
        Assert.Equal(house.Time.Now + TimeSpan.FromMinutes(20), shortened.Expiration);
        var given = await house.Tokens.DelegateAsync(ada, new DelegationRequest("catalog", OnlyGet, TimeSpan.FromHours(1), "a table"));
        var caller = await house.CallAsync(given);
        await house.Administration.SetUserDisabledAsync("ada", true);
        Assert.Equal(AccessKeyStatus.InvalidToken, (await house.Control.FindAccessKeyAsync(given.AccessKeyId, given.SessionToken)).Status);
        Assert.False((await house.DecideAsync(caller, Get, Object)).IsAllowed);
    }

    [Fact]
    public async Task Delegate_OfANarrowedCaller_TellsOfItsHolderAsNarrow()
    {
        await using var house = await AccessHouse.StartAsync();
        var ada = await house.AddUserAsync("ada", "readwrite");
        var role = await AddRoleAsync(house, ada.Arn, "readwrite");
        var session = await house.CallAsync(await house.Tokens.AssumeRoleAsync(ada, new AssumeRoleRequest(role, "job", Policy: OnlyGet), s_origin));
        var key = await house.Administration.CreateKeyAsync(new KeyRequest("ada", OnlyGet));
        var service = await house.CallAsync(key);
        foreach (var asking in (Caller[])[session, service, await house.CallAsync(await house.Tokens.GetSessionTokenAsync(service))])
        {
            var caller = await house.CallAsync(await house.Tokens.DelegateAsync(asking, new DelegationRequest("catalog", OnlyGet, TimeSpan.FromMinutes(30), "a table")));
            Assert.Equal("a table", caller.GrantSubject);
            var holder = caller.Holder!;
            Assert.Equal((asking.Arn, asking.Kind, asking.UserId, asking.SessionIssued, false), (holder.Arn, holder.Kind, holder.UserId, holder.SessionIssued, holder.IsGranted));
            Assert.True((await house.DecideAsync(holder, Get, Object)).IsAllowed);
            Assert.False((await house.DecideAsync(holder, Put, Object)).IsAllowed);
        }

        Assert.Null(session.Holder);
        var given = await house.Tokens.DelegateAsync(await house.CallAsync(await house.Tokens.GetSessionTokenAsync(service)), new DelegationRequest("catalog", OnlyGet, TimeSpan.FromHours(1), "a table"));
        await house.Administration.DeleteKeyAsync(key.Id);
        Assert.Equal(AccessKeyStatus.InvalidToken, (await house.Control.FindAccessKeyAsync(given.AccessKeyId, given.SessionToken)).Status);
    }

    private const string OnlyGet = """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"} }""";

    [Fact]
    public async Task FindAccessKey_OfASession_EndsWithItsTimeKeyUserOrRevocation()
    {
        await using var house = await AccessHouse.StartAsync();
        async Task<(TemporaryCredential Token, string Key)> NewAsync(string user)
        {
            await house.Administration.CreateUserAsync(new NewUser(user));
            var key = await house.Administration.CreateKeyAsync(new KeyRequest(user));
            return (await house.Tokens.GetSessionTokenAsync(await house.CallAsync(key)), key.Id);
        }

        async Task<AccessKeyStatus> LookAsync(TemporaryCredential token) => (await house.Control.FindAccessKeyAsync(token.AccessKeyId, token.SessionToken)).Status;

        var (byTime, byKey, byUser, byRevocation) = (await NewAsync("a"), await NewAsync("b"), await NewAsync("c"), await NewAsync("d"));
        Assert.Equal(AccessKeyStatus.Found, await LookAsync(byTime.Token));
        Assert.Equal(AccessKeyStatus.InvalidToken, (await house.Control.FindAccessKeyAsync(byTime.Token.AccessKeyId)).Status);
        Assert.Equal(AccessKeyStatus.InvalidToken, (await house.Control.FindAccessKeyAsync(byKey.Token.AccessKeyId, byTime.Token.SessionToken)).Status);
        await house.Administration.DeleteKeyAsync(byKey.Key);
        await house.Administration.DeleteUserAsync("c");
        await house.Administration.CreateUserAsync(new NewUser("c"));
        house.Time.Now += TimeSpan.FromMinutes(1);
        await house.Administration.RevokeSessionsAsync(new(PolicyHolderKind.User, "d"));
        foreach (var (token, _) in new[] { byKey, byUser, byRevocation })
            Assert.Equal(AccessKeyStatus.InvalidToken, await LookAsync(token));
        house.Time.Now = byTime.Token.Expiration;
        Assert.Equal(AccessKeyStatus.Expired, await LookAsync(byTime.Token));
    }

    [Fact]
    public async Task FindAccessKey_DamagedToken_IsInvalid()
    {
        await using var house = await AccessHouse.StartAsync();
        var given = await house.Tokens.GetSessionTokenAsync(await house.AddUserAsync("ada"));
        for (int i = 0; i < given.SessionToken.Length; i += 7)
        {
            char[] damaged = given.SessionToken.ToCharArray();
            damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
            Assert.Equal(AccessKeyStatus.InvalidToken, (await house.Control.FindAccessKeyAsync(given.AccessKeyId, new string(damaged))).Status);
        }

        foreach (string other in new[] { "", "T1", "T1!", given.SessionToken[..^1], given.SessionToken + "A" })
            Assert.Equal(AccessKeyStatus.InvalidToken, (await house.Control.FindAccessKeyAsync(given.AccessKeyId, other)).Status);
    }

    [Fact]
    public async Task FindAccessKey_FromAnotherProcess_ChecksTheSameToken()
    {
        await using var house = await AccessHouse.StartAsync();
        var given = await house.Tokens.GetSessionTokenAsync(await house.AddUserAsync("ada"));
        await using var other = house.Open();
        var found = await other.Control.FindAccessKeyAsync(given.AccessKeyId, given.SessionToken);
        Assert.Equal(given.SecretAccessKey, found.Credential!.Secret);
    }

    [Theory]
    [InlineData(899, null, "r")]
    [InlineData(3_601, null, "r")]
    [InlineData(3_600, "{}", "r")]
    [InlineData(3_600, null, "")]
    [InlineData(3_600, null, "a b")]
    public async Task AssumeRole_ImpossibleRequest_IsInvalid(int seconds, string? policy, string session)
    {
        await using var house = await AccessHouse.StartAsync();
        var ada = await house.AddUserAsync("ada");
        var role = await AddRoleAsync(house, ada.Arn, "readonly");
        var request = new AssumeRoleRequest(role, session == "r" ? "job" : session, TimeSpan.FromSeconds(seconds), policy);
        await AssertKindAsync(ErrorKind.InvalidRequest, house.Tokens.AssumeRoleAsync(ada, request, s_origin));
    }

    private static async Task<string> AddRoleAsync(AccessHouse house, string trusted, string policy)
    {
        string trust = $$"""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"{{trusted}}"},"Action":"sts:AssumeRole"} }""";
        return (await house.Administration.CreateRoleAsync(new NewRole("writer", trust, [policy]))).Arn;
    }

    private static async Task AssertKindAsync<T>(ErrorKind kind, ValueTask<T> task) =>
        Assert.Equal(kind, (await Assert.ThrowsAsync<TarnException>(() => task.AsTask())).Kind);
}
