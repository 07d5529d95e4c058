using CsCheck;
using Minions.Benchmarks.EndToEnd;
using Minions.Benchmarks.EndToEnd.Arms;
using Minions.Core.Generation;
using Quickstart;

namespace Minions.Benchmarks.Tests.EndToEnd.Arms;

public sealed class ArmCatalogueTests
{
    private static readonly LoadedVoters Voters = new(["head-a"], ["draft-a", "draft-b"], Ngram: false);

    [Test]
    public void Every_arm_that_messages_list_can_be_named()
    {
        string typed = ArmCatalogue.Known.Replace(" ", "", StringComparison.Ordinal)
            .Replace("single:FOLDER", "single:draft-a", StringComparison.Ordinal)
            .Replace("NAME", "draft-b", StringComparison.Ordinal)
            .Replace(":K", ":3", StringComparison.Ordinal);

        IReadOnlyList<Arm> arms = ArmCatalogue.Parse(typed, Voters);

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
        Assert.That(ArmCatalogue.Parse("vote,vote-paper,fixed:2", Voters).Select(arm => arm.VotesAsPaper), Is.EqualTo(new[] { false, true, false }));

    [TestCase("vote", null)]
    [TestCase("plain", null)]
    [TestCase("pre-draft", true)]
    [TestCase("fixed:4+pre-draft", true)]
    [TestCase("single:draft-a+pre-draft+goodput+packed", true)]
    public void Drafts_go_on_during_verifications_where_an_arm_says_so_and_else_as_the_library_does(string name, bool? preDraft) =>
        Assert.That(ArmPipeline.OptionsOf(Only(name), new EndToEndArguments()).PreDraft, Is.EqualTo(preDraft));

    [TestCase("genai", null, null, null, false)]
    [TestCase("genai:draft-a:3", "draft-a", 3, null, false)]
    [TestCase("genai:draft-a:16", "draft-a", 16, null, false)]
    [TestCase("genai:a:b:1", "a:b", 1, null, false)]
    [TestCase("genai:c++:2", "c++", 2, null, false)]
    [TestCase("genai-adaptive:draft-b", "draft-b", null, null, true)]
    [TestCase("genai-adaptive:c++", "c++", null, null, true)]
    [TestCase("genai-ngram:4", null, 4, GenAIDecoding.DefaultNgramSize, false)]
    [TestCase("genai-ngram:8:4", null, 8, 4, false)]
    public void GenAI_decodes_as_the_name_says(string name, string? draft, int? length, int? ngramSize, bool adaptive)
    {
        Arm arm = Only(name);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(arm.GenAI, Is.EqualTo(new GenAIDecoding { Draft = draft, Length = length, NgramSize = ngramSize }));
            Assert.That(arm.GenAI!.IsAdaptive, Is.EqualTo(adaptive));
            Assert.That((arm.Speculates, arm.PromisesIdenticalText, arm.RunsGenAI), Is.EqualTo((false, false, true)));
        }
    }

    [TestCase("minions-on-genai", false, true, true)]
    [TestCase("minions-on-genai+fixed:3", false, true, true)]
    [TestCase("ngram+minions-on-genai", false, false, true)]
    [TestCase("minions-on-genai+vote", true, true, false)]
    public void A_pipeline_over_GenAIs_target_has_all_voters_but_heads_where_none_is_named(string name, bool heads, bool drafts, bool ngram)
    {
        Arm arm = Only(name);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((arm.TargetIsGenAI, arm.GenAI, arm.PromisesIdenticalText, arm.Speculates), Is.EqualTo((true, (GenAIDecoding?)null, true, true)));
            Assert.That(arm.Panel, Is.EqualTo(new ArmPanel { Heads = heads, Drafts = drafts, Ngram = ngram }));
        }
    }

    [TestCase("minions-on-genai+plain", DecodingMode.Fastest)]
    [TestCase("plain-identical+minions-on-genai", DecodingMode.BitIdentical)]
    public void GenAIs_target_may_be_alone_in_a_pipeline(string name, DecodingMode mode)
    {
        Arm arm = Only(name);

        Assert.That((arm.TargetIsGenAI, arm.Speculates, arm.Mode), Is.EqualTo((true, false, mode)));
    }

    [TestCase("single:draft-b")]
    [TestCase("single:models/here/draft-b/")]
    public void A_single_draft_is_named_by_its_folder(string typed) => Assert.That(Only(typed).Panel, Is.EqualTo(new ArmPanel { Names = ["draft-b"] }));

    [TestCase("single:draft-b+fixed:4", "draft-b", 4, false, null)]
    [TestCase("fixed:4+single:draft-b", "draft-b", 4, false, null)]
    [TestCase("full+fixed:2", null, 2, true, null)]
    [TestCase("vote+fixed:4", null, 4, false, null)]
    [TestCase("useless+goodput", null, null, false, "useless")]
    [TestCase("single:draft-a+slow+packed", "draft-a", null, true, "slow")]
    [TestCase("draft-a+useless+unpacked", "draft-a", null, false, "useless")]
    [TestCase("fixed:3+draft-a", "draft-a", 3, true, null)]
    [TestCase("perfect+fixed:8+unpacked+vote", null, 8, false, "perfect")]
    public void Parts_of_an_arm_add_up_under_the_name_as_typed(string name, string? draft, int? length, bool packs, string? scenario)
    {
        Arm arm = Only(name);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(arm.Name, Is.EqualTo(name));
            Assert.That(arm.Panel.Names, Is.EqualTo(draft is null ? Array.Empty<string>() : [draft]));
            Assert.That(arm.Length?.FixedLength, Is.EqualTo(length));
            Assert.That(arm.Packs, Is.EqualTo(packs));
            Assert.That(arm.Scenario?.Name, Is.EqualTo(scenario));
            Assert.That(arm.PromisesIdenticalText, Is.True);
        }
    }

    [Test]
    public void The_order_of_parts_says_nothing() => Gen.Shuffle(new[] { "draft-a", "pre-draft", "trend", "head", "ngram", "draft-b" }).Sample(parts =>
    {
        Arm arm = Only(string.Join('+', parts));
        return arm with { Name = "" } == Only("trend+ngram+draft-a+pre-draft+head+draft-b") with { Name = "" };
    });

    [TestCase("head", true, false, false)]
    [TestCase("head+ngram", true, false, true)]
    [TestCase("drafts", false, true, true)]
    [TestCase("head+drafts", true, true, true)]
    [TestCase("full", true, true, true)]
    [TestCase("vote", true, true, false)]
    [TestCase("fixed:2", true, true, false)]
    [TestCase("head+draft-b", true, false, false, "draft-b")]
    [TestCase("head+draft-b+draft-a", true, false, false, "draft-a", "draft-b")]
    [TestCase("single:head-a", false, false, false, "head-a")]
    [TestCase("head-a+ngram", false, false, true, "head-a")]
    public void Voters_that_are_named_add_up(string name, bool heads, bool drafts, bool ngram, params string[] names) =>
        Assert.That(Only(name).Panel, Is.EqualTo(new ArmPanel { Heads = heads, Drafts = drafts, Ngram = ngram, Names = names }));

    [TestCase("head", true)]
    [TestCase("full", true)]
    [TestCase("best-single+fixed:3", true)]
    [TestCase("drafts+unpacked", false)]
    [TestCase("full+unpacked", false, "contradict")]
    [TestCase("vote", false)]
    [TestCase("single:draft-a", false)]
    [TestCase("single:draft-a+packed", true)]
    [TestCase("plain-packed", true)]
    public void Requests_share_runs_where_voters_are_named_or_the_name_says_so(string name, bool packs, string? refusal = null)
    {
        if (refusal is null)
            Assert.That(Only(name).Packs, Is.EqualTo(packs));
        else
            Assert.That(() => Only(name), Throws.TypeOf<BadInputException>().With.Message.Contains(refusal));
    }

    [Test]
    public void The_best_single_draft_is_found_later_and_may_have_company() =>
        Assert.That(Only("best-single+ngram").Panel, Is.EqualTo(new ArmPanel { BestSingle = true, Ngram = true }));

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
    [TestCase("packed", "unpacked", "both say whether requests share runs")]
    [TestCase("full", "head", "both say which drafts run")]
    [TestCase("vote", "head", "both say which drafts run")]
    [TestCase("single:draft-a", "draft-b", "both say which drafts run")]
    [TestCase("single:draft-a", "full", "both say which drafts run")]
    [TestCase("head", "head", "both say which drafts run")]
    [TestCase("plain", "head", "'plain' runs no draft, so it stands alone")]
    [TestCase("plain", "fixed:4", "'plain' runs no draft, so it stands alone")]
    [TestCase("plain-packed", "full", "'plain-packed' runs no draft, so it stands alone")]
    [TestCase("plain-identical", "useless", "'plain-identical' runs no draft, so it stands alone")]
    [TestCase("genai", "ngram", "'genai' is GenAI's own decoding, so it stands alone")]
    [TestCase("genai", "minions-on-genai", "'genai' is GenAI's own decoding, so it stands alone")]
    [TestCase("minions-on-genai", "minions-on-genai", "both say what runs the target")]
    [TestCase("genai-ngram:3", "plain", "'genai-ngram:3' is GenAI's own decoding, so it stands alone")]
    [TestCase("genai:draft-a:3", "genai", "is GenAI's own decoding, so it stands alone")]
    public void Parts_that_contradict_each_other_are_refused(string one, string other, string message)
    {
        foreach (string name in new[] { $"{one}+{other}", $"{other}+{one}" })
            Assert.That(() => Only(name), Throws.TypeOf<BadInputException>().With.Message.StartsWith($"--arms: '{name}': ").And.Message.Contains(message));
    }

    [TestCase("single:c++", "c++", false)]
    [TestCase("single:c+++packed", "c++", true)]
    [TestCase("single:a+b+packed", "a+b", true)]
    public void A_plus_sign_may_belong_to_a_folder(string name, string draft, bool packs)
    {
        Arm arm = ArmCatalogue.Parse(name, new LoadedVoters([], ["c++", "a+b"], Ngram: false))[0];

        Assert.That((arm.Panel.Names.Single(), arm.Packs), Is.EqualTo((draft, packs)));
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
    [TestCase("single:draft-c", "The drafts are head-a, draft-a, draft-b")]
    [TestCase("plain,vote,plain", "'plain' is named twice")]
    [TestCase("genai:draft-a", "'genai:draft-a': the length is missing, as in 'genai:draft-a:3'")]
    [TestCase("genai:draft-a:", "'genai:draft-a:': '' is not a whole number from 1 to 16")]
    [TestCase("genai:draft-a:17", "'17' is not a whole number from 1 to 16")]
    [TestCase("genai:draft-a:0", "'0' is not a whole number from 1 to 16")]
    [TestCase("genai-adaptive", "'genai-adaptive' is unknown")]
    [TestCase("genai-ngram:", "'' is not a whole number from 1 to 16")]
    [TestCase("genai-ngram:4:1", "'1' is not a whole number from 2 to 16")]
    [TestCase("genai-ngram:4:3:2", "'3:2' is not a whole number from 2 to 16")]
    public void What_cannot_be_run_is_refused_as_typed(string typed, string message) =>
        Assert.That(() => ArmCatalogue.Parse(typed, Voters), Throws.TypeOf<BadInputException>().With.Message.StartsWith("--arms: ").And.Message.Contains(message));

    [Test]
    public void An_unknown_arm_is_answered_with_those_there_are() =>
        Assert.That(() => ArmCatalogue.Parse("voting", Voters), Throws.TypeOf<BadInputException>().With.Message.Contains(ArmCatalogue.Known));

    [Test]
    public void Without_drafts_only_the_ngram_voter_can_speculate()
    {
        var nothing = new LoadedVoters([], [], Ngram: false);
        Assert.That(() => ArmCatalogue.Parse("vote", nothing), Throws.TypeOf<BadInputException>().With.Message.Contains("--draft"));
        Assert.That(ArmCatalogue.Parse("plain,vote,full", nothing with { Ngram = true }), Has.Count.EqualTo(3));
        Assert.That(ArmCatalogue.Parse("ngram,full,drafts", nothing), Has.Count.EqualTo(3), "an arm that names it needs no argument");
        Assert.That(() => ArmCatalogue.Parse("pre-draft", nothing with { Ngram = true }), Throws.TypeOf<BadInputException>().With.Message.Contains("cannot").And.Message.Contains("--draft"));
    }

    [TestCase("head", "needs a head", "--head")]
    [TestCase("head+ngram", "needs a head", "--head")]
    [TestCase("head+draft-a", "needs a head", "--head")]
    public void An_arm_with_a_head_needs_one(string name, string message, string argument) =>
        Assert.That(() => ArmCatalogue.Parse(name, Voters with { Heads = [] }), Throws.TypeOf<BadInputException>().With.Message.Contains(message).And.Message.Contains(argument));

    [TestCase("best-single", "needs a draft that is no head")]
    [TestCase("pre-draft", "heads and the n-gram voter cannot")]
    public void Some_arms_need_a_draft_that_is_no_head(string name, string message) =>
        Assert.That(() => ArmCatalogue.Parse(name, Voters with { Drafts = [] }), Throws.TypeOf<BadInputException>().With.Message.Contains(message).And.Message.Contains("--draft"));

    private static Arm Only(string typed) => ArmCatalogue.Parse(typed, Voters)[0];
}
