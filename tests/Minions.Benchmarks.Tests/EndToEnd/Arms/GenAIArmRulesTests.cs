using Minions.Benchmarks.EndToEnd;
using Minions.Benchmarks.EndToEnd.Arms;
using Quickstart;

namespace Minions.Benchmarks.Tests.EndToEnd.Arms;

public sealed class GenAIArmRulesTests
{
    private static readonly EndToEndArguments Family = new()
    {
        Target = Path.Combine(RepositoryFiles.Family, "target"),
        Drafts = [Path.Combine(RepositoryFiles.Family, "draft-docs"), RepositoryFiles.Graphs],
    };

    [TestCase("plain,genai,genai:draft-docs:3,genai-adaptive:draft-docs,genai-ngram:4,minions-on-genai,minions-on-genai+plain")]
    public void Arms_that_can_run_are_let_through(string arms) => Check(arms, Family);

    [TestCase("genai")]
    [TestCase("genai-ngram:4")]
    [TestCase("minions-on-genai")]
    public void Without_its_native_library_GenAI_runs_no_arm(string arm)
    {
        Assert.That(Checking(arm, Family, hasNatives: false), Throws.TypeOf<BadInputException>()
            .With.Message.StartsWith($"--arms: '{arm}' needs ONNX Runtime GenAI").And.Message.Contains("MinionsNative").And.Message.Contains("MinionsGenAI"));
        Assert.That(Checking("plain,plain-identical,drafts", Family, hasNatives: false), Throws.Nothing);
    }

    [Test]
    public void GenAI_is_held_against_others_in_greedy_decoding_of_one_request_alone()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Checking("plain,genai-ngram:4", Family with { Temperature = 0.8 }), Throws.TypeOf<BadInputException>().With.Message.Contains("'genai-ngram:4' decodes greedily").And.Message.Contains("--temperature"));
            Assert.That(Checking("plain,genai", Family with { Concurrency = 2 }), Throws.TypeOf<BadInputException>().With.Message.Contains("'genai' answers one request at a time").And.Message.Contains("--concurrency"));
        }
    }

    [TestCase("genai:draft-b:3", "names no draft that there is: the drafts are draft-docs, graphs")]
    [TestCase("genai-adaptive:graphs", "needs a draft that GenAI can load: there is no genai_config.json in ")]
    public void A_draft_that_GenAI_cannot_have_is_refused(string arm, string message) =>
        Assert.That(Checking(arm, Family), Throws.TypeOf<BadInputException>().With.Message.Contains($"'{arm}' {message}"));

    [Test]
    public void A_head_is_no_draft_for_GenAI() =>
        Assert.That(Checking("genai:eagle-head:3", new EndToEndArguments()), Throws.TypeOf<BadInputException>().With.Message.Contains("names the head 'eagle-head'"));

    [Test]
    public void A_pipeline_over_GenAI_may_sample_and_take_several_requests() =>
        Check("minions-on-genai", Family with { Temperature = 0.8, Concurrency = 2 });

    [TestCase("minions-on-genai+head", "has the head 'eagle-head', but GenAI gives none of the states")]
    [TestCase("minions-on-genai+vote", "has the head 'eagle-head', but GenAI gives none of the states")]
    [TestCase("minions-on-genai+drafts+perfect", "has a stand-in")]
    public void A_pipeline_over_GenAI_has_neither_heads_nor_stand_ins(string arm, string message) =>
        Assert.That(Checking(arm, new EndToEndArguments()), Throws.TypeOf<BadInputException>().With.Message.Contains($"'{arm}' {message}"));

    [Test]
    public void A_target_that_GenAI_cannot_load_is_refused() =>
        Assert.That(Checking("genai", Family with { Target = RepositoryFiles.Graphs }), Throws.TypeOf<BadInputException>()
            .With.Message.Contains("'genai' needs a target that GenAI can load: there is no genai_config.json in").And.Message.Contains(RepositoryFiles.Graphs));

    private static Action Checking(string arms, EndToEndArguments arguments, bool hasNatives = true) => () => Check(arms, arguments, hasNatives);

    private static void Check(string arms, EndToEndArguments arguments, bool hasNatives = true) =>
        new GenAIArmRules(hasNatives).Check(ArmCatalogue.Parse(arms, arguments.Voters()), arguments);
}
