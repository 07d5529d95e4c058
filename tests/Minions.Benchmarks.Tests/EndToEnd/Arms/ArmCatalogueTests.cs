using CsCheck;
using Minions.Benchmarks.EndToEnd;
using Minions.Benchmarks.EndToEnd.Arms;
using Minions.Core.Generation;
using Quickstart;

namespace Minions.Benchmarks.Tests.EndToEnd.Arms;

public sealed class ArmCatalogueTests
{
    private static readonly string[] Drafts = ["draft-a", "draft-b"];

    [Test]
    public void Every_arm_that_messages_list_can_be_named()
    {
        string typed = ArmCatalogue.Known.Replace(" ", "", StringComparison.Ordinal)
            .Replace("single:FOLDER", "single:draft-a", StringComparison.Ordinal)
            .Replace("fixed:K", "fixed:3", StringComparison.Ordinal);

        IReadOnlyList<Arm> arms = ArmCatalogue.Parse(typed, Drafts, ngram: false);

        Assert.That(arms.Select(arm => arm.Name), Is.EqualTo(typed.Split(',')));
    }

    [TestCase("plain", DecodingMode.Fastest, false, false)]
    [TestCase("plain-serial", DecodingMode.Fastest, false, true)]
    [TestCase("plain-identical", DecodingMode.BitIdentical, false, false)]
    [TestCase("vote", DecodingMode.BitIdentical, true, false)]
    public void An_arm_decodes_as_its_name_says(string name, DecodingMode mode, bool speculates, bool serial)
    {
        Arm arm = Only(name);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(arm.Mode, Is.EqualTo(mode));
            Assert.That(arm.Speculates, Is.EqualTo(speculates));
            Assert.That(arm.IsSerial, Is.EqualTo(serial));
            Assert.That(arm.Length, Is.Null, "the length rule is the bench's");
        }
    }

    [Test]
    public void An_arm_that_names_a_length_rule_has_it()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Only("fixed:0").Length!.FixedLength, Is.Zero);
            Assert.That(Only("fixed:12").Length!.FixedLength, Is.EqualTo(12));
            Assert.That(Only("trend").Length!.Name, Is.EqualTo("trend"));
            Assert.That(Only("moving").Length!.Name, Is.EqualTo("moving"));
            Assert.That(Only("goodput").Length!.Name, Is.EqualTo("goodput"));
        }
    }

    [Test]
    public void Only_the_papers_vote_follows_the_papers_rules() =>
        Assert.That(ArmCatalogue.Parse("vote,vote-paper,fixed:2", Drafts, ngram: false).Select(arm => arm.VotesAsPaper), Is.EqualTo(new[] { false, true, false }));

    [TestCase("vote", null)]
    [TestCase("plain", null)]
    [TestCase("pre-draft", true)]
    [TestCase("fixed:4+pre-draft", true)]
    [TestCase("single:draft-a+pre-draft+goodput+full", true)]
    public void Drafts_go_on_during_verifications_where_an_arm_says_so_and_else_as_the_library_does(string name, bool? preDraft) =>
        Assert.That(ArmPipeline.OptionsOf(Only(name), new EndToEndArguments()).PreDraft, Is.EqualTo(preDraft));

    [TestCase("single:draft-b")]
    [TestCase("single:models/here/draft-b/")]
    public void A_single_draft_is_named_by_its_folder(string typed) => Assert.That(Only(typed).OnlyDraft, Is.EqualTo("draft-b"));

    [TestCase("single:draft-b+fixed:4", "draft-b", 4, false, null)]
    [TestCase("fixed:4+single:draft-b", "draft-b", 4, false, null)]
    [TestCase("full+fixed:2", null, 2, true, null)]
    [TestCase("vote+fixed:4", null, 4, false, null)]
    [TestCase("useless+goodput", null, null, false, "useless")]
    [TestCase("single:draft-a+slow+full", "draft-a", null, true, "slow")]
    [TestCase("perfect+fixed:8+unpacked+vote", null, 8, false, "perfect")]
    public void Parts_of_an_arm_add_up_under_the_name_as_typed(string name, string? draft, int? length, bool packs, string? scenario)
    {
        Arm arm = Only(name);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(arm.Name, Is.EqualTo(name));
            Assert.That(arm.OnlyDraft, Is.EqualTo(draft));
            Assert.That(arm.Length?.FixedLength, Is.EqualTo(length));
            Assert.That(arm.Packs, Is.EqualTo(packs));
            Assert.That(arm.Scenario?.Name, Is.EqualTo(scenario));
            Assert.That(arm.PromisesIdenticalText, Is.True);
        }
    }

    [Test]
    public void The_order_of_parts_says_nothing() => Gen.Shuffle(new[] { "single:draft-a", "pre-draft", "trend", "full" }).Sample(parts =>
    {
        Arm arm = Only(string.Join('+', parts));
        return arm with { Name = "" } == Only("full+trend+pre-draft+single:draft-a") with { Name = "" };
    });

    [TestCase("fixed:2", "fixed:3", "both say how far to speculate")]
    [TestCase("fixed:2", "goodput", "both say how far to speculate")]
    [TestCase("trend", "trend", "both say how far to speculate")]
    [TestCase("useless", "perfect", "both say what takes the drafts' places")]
    [TestCase("vote", "vote-paper", "both say which drafts run")]
    [TestCase("single:draft-a", "single:draft-b", "both say which drafts run")]
    [TestCase("single:draft-a", "vote", "both say which drafts run")]
    [TestCase("pre-draft", "pre-draft", "both say what drafts do while the target verifies")]
    [TestCase("pre-draft", "slow", "both say what drafts do while the target verifies")]
    [TestCase("plain-identical", "pre-draft", "'plain-identical' runs no draft, so it stands alone")]
    [TestCase("full", "unpacked", "both say whether requests share runs")]
    [TestCase("plain", "fixed:4", "'plain' runs no draft, so it stands alone")]
    [TestCase("plain-packed", "full", "'plain-packed' runs no draft, so it stands alone")]
    [TestCase("plain-identical", "useless", "'plain-identical' runs no draft, so it stands alone")]
    public void Parts_that_contradict_each_other_are_refused(string one, string other, string message)
    {
        foreach (string name in new[] { $"{one}+{other}", $"{other}+{one}" })
            Assert.That(() => Only(name), Throws.TypeOf<BadInputException>().With.Message.StartsWith($"--arms: '{name}': ").And.Message.Contains(message));
    }

    [TestCase("single:c++", "c++", false)]
    [TestCase("single:c+++full", "c++", true)]
    [TestCase("single:a+b+full", "a+b", true)]
    public void A_plus_sign_may_belong_to_a_folder(string name, string draft, bool packs)
    {
        Arm arm = ArmCatalogue.Parse(name, ["c++", "a+b"], ngram: false)[0];

        Assert.That((arm.OnlyDraft, arm.Packs), Is.EqualTo((draft, packs)));
    }

    [Test]
    public void Arms_are_compared_by_length_only_where_nothing_else_differs()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Only("goodput").IsSameButForLength(Only("fixed:4")), Is.True);
            Assert.That(Only("vote").IsSameButForLength(Only("fixed:4")), Is.True);
            Assert.That(Only("perfect+goodput").IsSameButForLength(Only("perfect+fixed:4")), Is.True);
            Assert.That(Only("fixed:4").IsSameButForLength(Only("fixed:4")), Is.True);
            Assert.That(Only("goodput").IsSameButForLength(Only("perfect+fixed:4")), Is.False);
            Assert.That(Only("pre-draft+goodput").IsSameButForLength(Only("pre-draft+fixed:4")), Is.True);
            Assert.That(Only("full").IsSameButForLength(Only("fixed:4")), Is.False);
            Assert.That(Only("pre-draft").IsSameButForLength(Only("fixed:4")), Is.False);
            Assert.That(Only("single:draft-a").IsSameButForLength(Only("fixed:4")), Is.False);
            Assert.That(Only("plain").IsSameButForLength(Only("plain-identical")), Is.False);
        }
    }

    [TestCase("vote,,plain", "'' is unknown")]
    [TestCase("vote+", "'' is unknown (in 'vote+')")]
    [TestCase("fixed:4+magic", "'magic' is unknown (in 'fixed:4+magic')")]
    [TestCase("single:draft-a+magic", "there is no draft 'draft-a+magic'")]
    [TestCase("votes", "'votes' is unknown")]
    [TestCase("vote:2", "'vote:2' is unknown")]
    [TestCase("fixed", "'fixed' is unknown")]
    [TestCase("fixed:-1", "'fixed:-1': '-1' is not a whole number from 0 to 64")]
    [TestCase("fixed:65", "'65' is not a whole number")]
    [TestCase("fixed:", "'' is not a whole number")]
    [TestCase("single:", "there is no draft ''")]
    [TestCase("single:draft-c", "The drafts are draft-a, draft-b")]
    [TestCase("plain,vote,plain", "'plain' is named twice")]
    public void What_cannot_be_run_is_refused_as_typed(string typed, string message) =>
        Assert.That(() => ArmCatalogue.Parse(typed, Drafts, ngram: false), Throws.TypeOf<BadInputException>().With.Message.StartsWith("--arms: ").And.Message.Contains(message));

    [Test]
    public void An_unknown_arm_is_answered_with_those_there_are() =>
        Assert.That(() => ArmCatalogue.Parse("voting", Drafts, ngram: false), Throws.TypeOf<BadInputException>().With.Message.Contains(ArmCatalogue.Known));

    [Test]
    public void Without_drafts_only_the_ngram_voter_can_speculate()
    {
        Assert.That(() => ArmCatalogue.Parse("vote", [], ngram: false), Throws.TypeOf<BadInputException>().With.Message.Contains("--draft"));
        Assert.That(ArmCatalogue.Parse("plain,vote", [], ngram: true), Has.Count.EqualTo(2));
        Assert.That(() => ArmCatalogue.Parse("pre-draft", [], ngram: true), Throws.TypeOf<BadInputException>().With.Message.Contains("cannot").And.Message.Contains("--draft"));
    }

    private static Arm Only(string typed) => ArmCatalogue.Parse(typed, Drafts, ngram: false)[0];
}
