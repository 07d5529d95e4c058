using System.Text.Json;

namespace Minions.Benchmarks.Tests.EndToEnd;

/// <summary>The command as a user types it. The console is one for all, so nothing else runs meanwhile.</summary>
[NonParallelizable]
public sealed class EndToEndCommandTests
{
    private static readonly string Family = RepositoryFiles.PathOf("tests", "models", "family");
    private readonly string _json = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");

    [TearDown]
    public void Delete() => File.Delete(_json);

    [Test]
    public void Arms_are_measured_against_each_other_and_written_as_JSON()
    {
        const string Arms = "plain,plain-identical,single:draft-docs,vote-paper,vote,fixed:4,trend,goodput";
        CommandLineRun run = OnFamily("--limit", "1", "--max-tokens", "8", "--repeat", "1", "--length", "2", "--panel", "all", "--ngram", "--arms", Arms, "--json", _json);

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(_json));
        JsonElement[] arms = [.. document.RootElement.GetProperty("arms").EnumerateArray()];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(arms.Select(arm => arm.GetProperty("name").GetString()), Is.EqualTo(Arms.Split(',')));
            Assert.That(arms.Select(arm => arm.GetProperty("identical").ValueKind), Is.EqualTo(new[] { JsonValueKind.Null }.Concat(Enumerable.Repeat(JsonValueKind.True, 7))));
            Assert.That(document.RootElement.GetProperty("prompts").GetInt32(), Is.EqualTo(3));
            Assert.That(document.RootElement.GetProperty("costs").EnumerateArray().First().GetProperty("width").GetInt32(), Is.EqualTo(1));
            Assert.That(Number(arms[0], "ratio"), Is.EqualTo(1));
            Assert.That(Number(arms[0], "bound"), Is.EqualTo(1).Within(1e-9));
            Assert.That(Number(arms[0], "tokensPerRound"), Is.EqualTo(1));
            Assert.That(Number(arms[5], "tokensPerRound"), Is.GreaterThan(1));
            foreach (JsonElement arm in arms)
                CheckFigures(arm);
            Assert.That(run.Output, Does.Contain("all prompts").And.Contain("fixed:4").And.Contain("plays"));
        }
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Scenarios_stand_in_for_the_drafts_and_change_no_text(int concurrency)
    {
        const string Arms = "plain,plain-identical,useless+goodput,single:draft-docs+slow+fixed:2,perfect+fixed:8+full,perfect+goodput+full,single:draft-docs+perfect+trend";
        CommandLineRun run = OnFamily("--limit", "1", "--max-tokens", "24", "--repeat", "1", "--concurrency", $"{concurrency}", "--ngram", "--arms", Arms, "--json", _json);

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(_json));
        JsonElement[] arms = [.. document.RootElement.GetProperty("arms").EnumerateArray()];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(arms.Select(arm => arm.GetProperty("name").GetString()), Is.EqualTo(Arms.Split(',')));
            Assert.That(arms.Skip(1).Select(arm => arm.GetProperty("identical").GetBoolean()), Is.All.True);
            Assert.That(Number(arms[2], "acceptance"), Is.LessThan(0.5));
            Assert.That(Number(arms[4], "acceptance"), Is.EqualTo(1));
            Assert.That(Number(arms[4], "tokensPerRound"), Is.GreaterThan(7));
            Assert.That(Number(arms[6], "acceptance"), Is.EqualTo(1));
            Assert.That(document.RootElement.GetProperty("targetStepMs").GetDouble(), Is.GreaterThan(0));
            Assert.That(arms.Select(arm => arm.GetProperty("bestFixed").GetString()), Is.EqualTo(new[] { null, null, null, "single:draft-docs+slow+fixed:2", "perfect+fixed:8+full", "perfect+fixed:8+full", null }));
            Assert.That(Number(arms[4], "ofBestFixed"), Is.EqualTo(1));
            Assert.That(Number(arms[5], "ofBestFixed"), Is.GreaterThan(0));
            Assert.That(Number(arms[1], "toIdentical"), Is.EqualTo(1));
            Assert.That(Number(arms[0], "coldRatio"), Is.EqualTo(1));
            Assert.That(arms.Select(arm => Number(arm, "coldRatio")), Is.All.GreaterThan(0));
            Assert.That(run.Output, Does.Contain("a slow draft's id takes"));
        }
    }

    [Test]
    public void A_head_votes_alone_or_in_company_and_changes_no_text()
    {
        const string Arms = "plain-identical,best-single+fixed:2,head+fixed:2,head+draft-code+ngram,full";
        CommandLineRun run = CommandLineRun.Of("e2e", "--limit", "1", "--max-tokens", "10", "--repeat", "1", "--arms", Arms, "--json", _json);

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(_json));
        JsonElement[] arms = [.. document.RootElement.GetProperty("arms").EnumerateArray()];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(arms.Select(arm => arm.GetProperty("identical").GetBoolean()), Is.All.True);
            Assert.That(Number(arms[2], "tokensPerRound"), Is.GreaterThan(1.2));
            Assert.That(document.RootElement.GetProperty("drafts").EnumerateArray().First().GetString(), Is.EqualTo("eagle-head"));
            Assert.That(document.RootElement.GetProperty("bestSingle").GetString(), Does.StartWith("draft-"));
            Assert.That(document.RootElement.GetProperty("headCosts")[0].GetProperty("firstMs").EnumerateArray().Select(cost => cost.GetDouble()), Is.All.GreaterThan(0));
            Assert.That(run.Output, Does.Contain("cost of eagle-head").And.Contain("best-single is draft-"));
        }
    }

    [Test]
    public void Drafts_go_on_during_verifications_in_arms_that_say_so()
    {
        CommandLineRun run = OnFamily("--limit", "1", "--max-tokens", "16", "--repeat", "1", "--arms", "pre-draft+fixed:4,single:draft-docs+fixed:2+pre-draft", "--json", _json);

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(_json));
        foreach (JsonElement arm in document.RootElement.GetProperty("arms").EnumerateArray())
        {
            // How many they are is a matter of who was first.
            Assert.That(Number(arm, "preDraftedRounds") + Number(arm, "wastedPreDraftRounds"), Is.LessThanOrEqualTo(Number(arm, "rounds")));
            Assert.That(arm.GetProperty("identical").GetBoolean(), Is.True);
        }

        Assert.That(run.Output, Does.Contain("pre-"));
    }

    [Test]
    public void GenAI_decodes_the_same_prompts_in_turn_and_its_texts_are_held_against_its_own_and_ours()
    {
        const string Arms = "plain,vote,genai,genai:draft-docs:3,genai:draft-docs:2,genai-adaptive:draft-docs,genai-ngram:4";
        CommandLineRun run = OnFamily("--limit", "1", "--max-tokens", "12", "--repeat", "2", "--arms", Arms, "--json", _json);

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(_json));
        JsonElement[] arms = [.. document.RootElement.GetProperty("arms").EnumerateArray()];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(arms.Select(arm => Number(arm, "tokens")), Is.All.EqualTo(Number(arms[0], "tokens")), "the same end token and the same greatest length");
            Assert.That(Number(arms[2], "toGenAI"), Is.EqualTo(1));
            Assert.That(Number(arms[2], "textsUnlikeGenAI"), Is.Zero, "plain decoding repeats itself");
            Assert.That(arms.Select(arm => Number(arm, "textsUnlikeGenAI")), Is.All.InRange(0, 6));
            Assert.That(arms.Skip(2).Select(arm => Number(arm, "textsUnlikeOwn")), Is.All.InRange(0, 6));
            Assert.That(arms.Take(2).Select(arm => arm.GetProperty("textsUnlikeOwn").ValueKind), Is.All.EqualTo(JsonValueKind.Null));
            Assert.That(arms.Skip(2).Select(arm => arm.GetProperty("identical").ValueKind), Is.All.EqualTo(JsonValueKind.Null), "GenAI promises nothing");
            Assert.That(arms.Skip(2).Select(arm => arm.GetProperty("bound").ValueKind), Is.All.EqualTo(JsonValueKind.Null), "its runs are not those that are timed");
            Assert.That(Number(arms[2], "tokensPerRound"), Is.EqualTo(1));
            Assert.That(arms.Skip(3).Take(3).Select(arm => Number(arm, "tokensPerRound")), Is.All.GreaterThan(1));
            Assert.That(Number(document.RootElement.GetProperty("genAI").GetProperty("target"), "threads"), Is.EqualTo(Environment.ProcessorCount));
            Assert.That(Number(document.RootElement.GetProperty("genAI").GetProperty("drafts").GetProperty("draft-docs"), "threads"), Is.EqualTo(1));
            Assert.That(run.Output, Does.Contain("GenAI 0.").And.Contain("unlike"));
        }
    }

    [TestCase("0", "1")]
    [TestCase("0.8", "2")]
    public void A_pipeline_over_GenAIs_target_writes_its_texts_whatever_the_drafts(string temperature, string concurrency)
    {
        CommandLineRun run = OnFamily("--limit", "1", "--max-tokens", "12", "--repeat", "1", "--temperature", temperature, "--concurrency", concurrency,
            "--arms", "minions-on-genai,minions-on-genai+plain-identical,minions-on-genai+draft-docs+fixed:3", "--json", _json);

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(_json));
        JsonElement[] arms = [.. document.RootElement.GetProperty("arms").EnumerateArray()];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(document.RootElement.GetProperty("genAI").GetProperty("exact").GetBoolean(), Is.True);
            Assert.That(arms.Select(arm => arm.GetProperty("identical").GetBoolean()), Is.All.True);
            Assert.That(Number(arms[2], "tokensPerRound"), Is.GreaterThan(1));
            Assert.That(arms.Select(arm => arm.GetProperty("bound").ValueKind), Is.All.EqualTo(JsonValueKind.Null));
            Assert.That(arms.Select(arm => Number(arm, "textsUnlikeOwn")), Is.All.InRange(0, 3));
        }
    }

    [Test]
    public void A_text_longer_than_the_context_of_GenAIs_draft_is_refused_before_anything_is_measured()
    {
        string draft = Path.Combine(RepositoryFiles.Family, "draft-docs");
        using var shorter = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(draft))
            File.CreateSymbolicLink(Path.Combine(shorter.Path, Path.GetFileName(file)), file);
        string config = Path.Combine(shorter.Path, "genai_config.json");
        File.Delete(config);
        File.WriteAllText(config, File.ReadAllText(Path.Combine(draft, "genai_config.json")).Replace("\"context_length\": 512", "\"context_length\": 20", StringComparison.Ordinal));
        string name = Path.GetFileName(shorter.Path);

        CommandLineRun run = CommandLineRun.Of("e2e", "--target", Path.Combine(Family, "target"), "--draft", shorter.Path, "--prompts", Path.Combine(Family, "prompts-dev.jsonl"), "--arms", $"genai:{name}:3");

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain($"the draft '{name}' have room for 20 tokens").And.Contain("--max-tokens"));
    }

    [Test]
    public void With_several_requests_in_flight_the_bound_is_relative_to_one_at_a_time()
    {
        CommandLineRun run = OnFamily("--limit", "1", "--max-tokens", "8", "--repeat", "2", "--concurrency", "2", "--arms", "plain-serial,fixed:2", "--json", "-");

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        JsonElement[] arms = [.. document.RootElement.GetProperty("arms").EnumerateArray()];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(arms.Select(arm => arm.GetProperty("ratio").ValueKind), Is.All.EqualTo(JsonValueKind.Null), "plain was not measured");
            Assert.That(Number(arms[0], "efficiency"), Is.EqualTo(1).Within(1e-9));
            Assert.That(Number(arms[1], "efficiency"), Is.GreaterThan(0));
            Assert.That(arms[1].GetProperty("identical").GetBoolean(), Is.True);
            Assert.That(run.Error, Does.Contain("all prompts"), "the table makes room for the JSON");
        }
    }

    [Test]
    public void A_seed_gives_the_text_that_the_target_draws_with_it_alone()
    {
        CommandLineRun run = OnFamily("--limit", "2", "--max-tokens", "12", "--repeat", "1", "--temperature", "0.8", "--seed", "7", "--arms", "plain-identical,vote", "--json", _json);

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(_json));
        Assert.That(document.RootElement.GetProperty("arms").EnumerateArray().Select(arm => arm.GetProperty("identical").GetBoolean()), Is.All.True);
        Assert.That(document.RootElement.GetProperty("seed").GetUInt64(), Is.EqualTo(7));
    }

    [TestCase("--arms", "plain,magic", "'magic' is unknown. Known arms: plain, ")]
    [TestCase("--arms", "fixed:4+goodput", "--arms: 'fixed:4+goodput': 'fixed:4' and 'goodput' contradict each other")]
    [TestCase("--arms", "plain+fixed:4", "--arms: 'plain+fixed:4': 'plain' runs no draft, so it stands alone")]
    [TestCase("--arms", "genai:draft-code", "--arms: 'genai:draft-code': the length is missing")]
    [TestCase("--arms", "genai:draft-tales:3", "--arms: 'genai:draft-tales:3' names no draft that there is: the drafts are draft-code, ")]
    [TestCase("--limit", "0", "--limit: '0'")]
    [TestCase("--length", "long", "--length: 'long'")]
    [TestCase("--panel", "some", "--panel: 'some' is not auto or all")]
    [TestCase("--temperature", "-1", "--temperature: '-1'")]
    [TestCase("--seed", "x", "--seed: 'x'")]
    [TestCase("--concurrency", "none", "--concurrency: 'none'")]
    [TestCase("--provider", "gpu", "--provider: 'gpu' is unknown. Choose auto, cpu or cuda")]
    [TestCase("--target-provider", "2", "--target-provider: '2'")]
    [TestCase("--draft-provider", "", "--draft-provider: ''")]
    [TestCase("--device-id", "-1", "--device-id: '-1'")]
    [TestCase("--target", "/no/such/folder", "--target /no/such/folder: there is no such folder")]
    [TestCase("--draft", "/no/such/folder", "--draft /no/such/folder: there is no such folder")]
    [TestCase("--head", "/no/such/folder", "--head /no/such/folder: there is no such folder")]
    [TestCase("--prompts", "/no/such/file", "--prompts /no/such/file")]
    [TestCase("--json", "/no/such/folder/file", "--json /no/such/folder/file")]
    public void A_wrong_argument_is_refused_as_typed(string option, string value, string message)
    {
        CommandLineRun run = CommandLineRun.Of("e2e", option, value);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.EqualTo(2));
            Assert.That(run.Output, Is.Empty);
            Assert.That(run.Error, Does.StartWith("error: ").And.Contain(message));
            Assert.That(run.Error.Trim(), Does.Not.Contain("\n"), "one line");
        }
    }

    [Test]
    public void Providers_of_target_and_drafts_win_over_that_of_all_and_are_written()
    {
        CommandLineRun run = OnFamily(
            "--provider", "cuda", "--target-provider", "cpu", "--draft-provider", "auto", "--device-id", "1", "--limit", "1", "--max-tokens", "4", "--repeat", "1", "--arms", "vote", "--json", _json);

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(_json));
        Assert.That(document.RootElement.GetProperty("targetProvider").GetString(), Is.EqualTo("Cpu"));
        Assert.That(document.RootElement.GetProperty("draftProviders").EnumerateObject().Select(draft => draft.Value.GetString()), Is.EqualTo(new[] { "Cpu", "Cpu", "Cpu" }));
        Assert.That(run.Error, Does.Contain("note: Model draft-tales runs on the CPU: ").And.Not.Contain("Model target"), "auto says why, cpu has nothing to say");
    }

    [TestCase("--provider", "target")]
    [TestCase("--target-provider", "target")]
    [TestCase("--draft-provider", "draft-tales")]
    public void Of_models_that_were_named_the_one_at_fault_is_told(string option, string folder)
    {
        CommandLineRun run = OnFamily(option, "cuda", "--arms", "vote");

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain($"error: {option} cuda: Model '{Path.Combine(Family, folder)}' cannot run on CUDA"));
    }

    [Test]
    public void A_model_folder_that_cannot_be_used_is_named_by_its_argument()
    {
        string docs = RepositoryFiles.PathOf("docs");
        CommandLineRun run = CommandLineRun.Of("e2e", "--target", docs, "--prompts", Path.Combine(Family, "prompts-dev.jsonl"), "--arms", "plain");

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain($"error: --target {docs}: "));
    }

    private static CommandLineRun OnFamily(params string[] more) => CommandLineRun.Of(
    [
        "e2e", "--target", Path.Combine(Family, "target"), "--draft", .. new[] { "tales", "docs", "plays" }.Select(name => Path.Combine(Family, $"draft-{name}")),
        "--prompts", Path.Combine(Family, "prompts-dev.jsonl"), .. more,
    ]);

    private static void CheckFigures(JsonElement arm)
    {
        string name = arm.GetProperty("name").GetString()!;
        foreach (JsonElement figures in arm.GetProperty("domains").EnumerateArray().Append(arm))
        {
            Assert.That(Number(figures, "tokensPerSecond"), Is.GreaterThan(0), name);
            Assert.That(Number(figures, "p50Ms"), Is.GreaterThan(0).And.LessThanOrEqualTo(Number(figures, "p95Ms")), name);
            Assert.That(Number(figures, "tokensPerRound"), Is.GreaterThanOrEqualTo(1), name);
            Assert.That(Number(figures, "acceptance"), Is.InRange(0, 1), name);
            Assert.That(Number(figures, "bound"), Is.GreaterThan(0), name);
        }

        Assert.That(arm.GetProperty("domains").EnumerateArray().Select(domain => domain.GetProperty("domain").GetString()), Is.EqualTo(new[] { "tales", "docs", "plays" }), name);
    }

    private static double Number(JsonElement figures, string field) => figures.GetProperty(field).GetDouble();
}
