using Tarn.Access.Administration;
using Tarn.Core.Errors;

namespace Tarn.Access.Tests.Administration;

public sealed class AccessAdministrationTests
{
    [Fact]
    public async Task EnsureRoot_FirstStart_MakesAKeyOnceAndAFileForItsOwner()
    {
        await using var house = await AccessHouse.StartAsync();
        var again = await house.Administration.EnsureRootAsync();
        Assert.Null(again.Generated);
        Assert.Equal(house.Account, again.AccountId);
        Assert.Matches("^[1-9][0-9]{11}$", house.Account);
        var found = await house.Control.FindAccessKeyAsync(house.Root.Id);
        Assert.Equal((house.Root.Secret, CallerKind.Root, $"arn:aws:iam::{house.Account}:root"), (found.Credential!.Secret, found.Credential.Caller.Kind, found.Credential.Caller.Arn));
        Assert.Matches("^[0-9a-f]{64}$", found.Credential.Caller.CanonicalId);
        Assert.Contains(house.Root.Secret, await File.ReadAllTextAsync(Path.Join(house.Folder, ".keys", "root-credentials")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureRoot_KeyOfAStartThatShowedNothing_IsGivenUntilItIsShown()
    {
        await using var house = new AccessHouse();
        var drawn = await house.Administration.EnsureRootAsync();
        File.Delete(drawn.CredentialsFile!);
        await using (var next = house.Open())
        {
            var again = await next.Administration.EnsureRootAsync();
            Assert.Equal((drawn.Generated, drawn.CredentialsFile), (again.Generated, again.CredentialsFile));
            Assert.Contains(drawn.Generated!.Secret, await File.ReadAllTextAsync(again.CredentialsFile!), StringComparison.Ordinal);
            await next.Administration.NoteRootShownAsync(drawn.Generated.Id);
        }

        await using var last = house.Open();
        var shown = await last.Administration.EnsureRootAsync();
        Assert.Equal((null, null), (shown.Generated, shown.CredentialsFile));
        Assert.Equal(drawn.Generated.Secret, (await last.Control.FindAccessKeyAsync(drawn.Generated.Id)).Credential!.Secret);
    }

    [Fact]
    public async Task EnsureRoot_ChosenKey_IsRootsFromThenOn()
    {
        await using var house = new AccessHouse();
        var start = await house.Administration.EnsureRootAsync(new RootCredential("ops", "s3cret"));
        Assert.Null(start.Generated);
        Assert.Equal("s3cret", (await house.Control.FindAccessKeyAsync("ops")).Credential!.Secret);
        await house.Administration.EnsureRootAsync();
        Assert.Equal("s3cret", (await house.Control.FindAccessKeyAsync("ops")).Credential!.Secret);
        await house.Administration.EnsureRootAsync(new RootCredential("ops2", "other"));
        Assert.Equal(AccessKeyStatus.NotFound, (await house.Control.FindAccessKeyAsync("ops")).Status);
        Assert.Equal(CallerKind.Root, (await house.Control.FindAccessKeyAsync("ops2")).Credential!.Caller.Kind);
    }

    [Theory]
    [InlineData("ab", "abc")]
    [InlineData("abc", "ab")]
    [InlineData("a/b", "abc")]
    [InlineData("a b", "abc")]
    [InlineData("abc", "ab\n")]
    public void RootCredential_Unusable_IsInvalidAndKeepsTheSecret(string id, string secret)
    {
        var error = Assert.Throws<TarnException>(() => RootCredential.FromEnvironment(name => name == RootCredential.AccessKeyVariable ? id : secret));
        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        Assert.DoesNotContain("ab\n", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RootCredential_OneVariableOnly_IsNone()
        => Assert.Null(RootCredential.FromEnvironment(name => name == RootCredential.AccessKeyVariable ? "abc" : null));

    [Fact]
    public async Task ResetRoot_LostKey_GivesOneNewKey()
    {
        await using var house = await AccessHouse.StartAsync();
        var session = await house.Tokens.GetSessionTokenAsync(await house.CallAsync(house.Root));
        var key = await house.Administration.ResetUserAsync("root");
        Assert.Equal(AccessKeyStatus.NotFound, (await house.Control.FindAccessKeyAsync(house.Root.Id)).Status);
        Assert.Equal(AccessKeyStatus.InvalidToken, (await house.Control.FindAccessKeyAsync(session.AccessKeyId, session.SessionToken)).Status);
        Assert.Equal(key.Secret, (await house.Control.FindAccessKeyAsync(key.Id)).Credential!.Secret);
    }

    [Fact]
    public async Task Keys_DisabledExpiredOrRemoved_AreNotUsable()
    {
        await using var house = await AccessHouse.StartAsync();
        await house.Administration.CreateUserAsync(new NewUser("ada"));
        var key = await house.Administration.CreateKeyAsync(new KeyRequest("ada", Expires: house.Time.Now + TimeSpan.FromHours(1)));
        await house.Administration.SetKeyDisabledAsync(key.Id, true);
        Assert.Equal(AccessKeyStatus.Disabled, (await house.Control.FindAccessKeyAsync(key.Id)).Status);
        await house.Administration.SetKeyDisabledAsync(key.Id, false);
        await house.Administration.SetUserDisabledAsync("ada", true);
        Assert.Equal(AccessKeyStatus.Disabled, (await house.Control.FindAccessKeyAsync(key.Id)).Status);
        await house.Administration.SetUserDisabledAsync("ada", false);
        Assert.Equal(AccessKeyStatus.Found, (await house.Control.FindAccessKeyAsync(key.Id)).Status);
        house.Time.Now += TimeSpan.FromHours(1);
        Assert.Equal(AccessKeyStatus.Expired, (await house.Control.FindAccessKeyAsync(key.Id)).Status);
        await house.Administration.DeleteUserAsync("ada");
        Assert.Equal(AccessKeyStatus.NotFound, (await house.Control.FindAccessKeyAsync(key.Id)).Status);
        Assert.DoesNotContain(await house.Administration.ListKeysAsync(), k => k.User == "ada");
    }

    [Fact]
    public async Task Secrets_InStoreTrailAndText_AreNowhereInClear()
    {
        await using var house = await AccessHouse.StartAsync();
        await house.Administration.CreateUserAsync(new NewUser("ada"));
        await house.Administration.SetPasswordAsync("ada", "correct horse");
        var key = await house.Administration.CreateKeyAsync(new KeyRequest("ada"));
        var lookup = await house.Control.FindAccessKeyAsync(key.Id);
        var session = await house.Tokens.GetSessionTokenAsync(lookup.Credential!.Caller);
        await house.DecideAsync(lookup.Credential.Caller, "s3:GetObject", "*");
        string stored = string.Join('\n', (await house.Store.ReadAsync()).Documents.Values);
        string shown = $"{lookup} {lookup.Credential} {key} {session} {new RootCredential("abc", "hidden!")}";
        foreach (string secret in new[] { key.Secret, house.Root.Secret, session.SecretAccessKey, session.SessionToken, "correct horse", "SCRAM", "hidden!" })
        {
            Assert.DoesNotContain(secret, stored, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, shown, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task DeletePolicy_Attached_NamesItsHolders()
    {
        await using var house = await AccessHouse.StartAsync();
        await house.Administration.PutPolicyAsync("p", """{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}""");
        await house.AddUserAsync("ada", "p");
        var error = await Assert.ThrowsAsync<TarnException>(() => house.Administration.DeletePolicyAsync("p").AsTask());
        Assert.Contains("user/ada", error.Message, StringComparison.Ordinal);
        await house.Administration.DetachPolicyAsync(new(PolicyHolderKind.User, "ada"), "p");
        await house.Administration.DeletePolicyAsync("p");
        Assert.DoesNotContain(await house.Administration.ListPoliciesAsync(), p => p.Name == "p");
    }

    [Fact]
    public async Task Changes_OfTheImpossible_SayWhy()
    {
        await using var house = await AccessHouse.StartAsync();
        var admin = house.Administration;
        await house.AddUserAsync("ada");
        await AssertKindAsync(ErrorKind.AlreadyExists, () => admin.CreateUserAsync(new NewUser("ada")).AsTask());
        await AssertKindAsync(ErrorKind.AlreadyExists, () => admin.CreateUserAsync(new NewUser("root")).AsTask());
        await AssertKindAsync(ErrorKind.InvalidRequest, () => admin.CreateUserAsync(new NewUser("a/b")).AsTask());
        await AssertKindAsync(ErrorKind.NotFound, () => admin.CreateUserAsync(new NewUser("bob", Policies: ["none"])).AsTask());
        await AssertKindAsync(ErrorKind.NotFound, () => admin.CreateKeyAsync(new KeyRequest("bob")).AsTask());
        await AssertKindAsync(ErrorKind.InvalidRequest, () => admin.DeleteUserAsync("root").AsTask());
        await AssertKindAsync(ErrorKind.InvalidRequest, () => admin.SetUserDisabledAsync("root", true).AsTask());
        await AssertKindAsync(ErrorKind.AlreadyExists, () => admin.PutPolicyAsync("readonly", """{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}""").AsTask());
        await AssertKindAsync(ErrorKind.InvalidRequest, () => admin.SetPasswordAsync("ada", "short").AsTask());
        await AssertKindAsync(ErrorKind.NotFound, () => admin.DetachPolicyAsync(new(PolicyHolderKind.User, "ada"), "readonly").AsTask());
    }

    [Fact]
    public async Task Authenticate_ByPassword_FindsTheUser()
    {
        await using var house = await AccessHouse.StartAsync();
        await house.AddUserAsync("ada");
        Assert.Null(await house.Control.AuthenticateAsync("ada", "", null, "r"));
        await house.Administration.SetPasswordAsync("ada", "correct horse");
        Assert.Equal("ada", (await house.Control.AuthenticateAsync("ada", "correct horse", null, "r"))?.Name);
        Assert.Null(await house.Control.AuthenticateAsync("ada", "wrong horse", null, "r"));
        Assert.Null(await house.Control.AuthenticateAsync("bob", "correct horse", null, "r"));
        await house.Administration.SetPasswordAsync("ada", null);
        Assert.Null(await house.Control.AuthenticateAsync("ada", "correct horse", null, "r"));
    }

    [Fact]
    public async Task Simulate_AUser_DecidesWithoutAnEvent()
    {
        await using var house = await AccessHouse.StartAsync();
        await house.AddUserAsync("ada", "readonly");
        var request = new AccessRequest { Action = "s3:GetObject", Resource = "arn:aws:s3:::a/b" };
        Assert.True((await house.Administration.SimulateAsync(new(PolicyHolderKind.User, "ada"), request)).IsAllowed);
        Assert.False((await house.Administration.SimulateAsync(null, request)).IsAllowed);
    }

    private static async Task AssertKindAsync(ErrorKind kind, Func<Task> change) => Assert.Equal(kind, (await Assert.ThrowsAsync<TarnException>(change)).Kind);
}
