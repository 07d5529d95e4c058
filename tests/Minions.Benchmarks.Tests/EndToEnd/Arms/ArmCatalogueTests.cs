using Minions.Benchmarks.EndToEnd.Arms;
using Minions.Core.Generation;

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
            Assert.That(Only("goodput").Length!.Name, Is.EqualTo("goodput"));
        }
    }

    [Test]
    public void Only_the_papers_vote_follows_the_papers_rules() =>
        Assert.That(ArmCatalogue.Parse("vote,vote-paper,fixed:2", Drafts, ngram: false).Select(arm => arm.VotesAsPaper), Is.EqualTo(new[] { false, true, false }));

    [TestCase("single:draft-b")]
    [TestCase("single:models/here/draft-b/")]
    public void A_single_draft_is_named_by_its_folder(string typed) => Assert.That(Only(typed).OnlyDraft, Is.EqualTo("draft-b"));

    [TestCase("vote,,plain", "'' is unknown")]
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
    }

    private static Arm Only(string typed) => ArmCatalogue.Parse(typed, Drafts, ngram: false)[0];
}
