namespace Quickstart.Tests.CommandLine;

public sealed class ArgumentFaultTests
{
    [TestCase("--max-tokens abc", "--max-tokens", "'abc'")]
    [TestCase("--max-tokens 0", "--max-tokens", "'0'")]
    [TestCase("--max-tokens -5", "--max-tokens", "'-5'")]
    [TestCase("--max-tokens 99999999999", "--max-tokens", "'99999999999'")]
    [TestCase("--max-tokens", "--max-tokens")]
    [TestCase("--max-tokens 1 --max-tokens 2", "--max-tokens")]
    [TestCase("--length -1", "--length", "0 to 16")]
    [TestCase("--length 17", "--length", "0 to 16")]
    [TestCase("--provider tpu", "--provider", "'tpu'", "auto, cpu or cuda")]
    [TestCase("--provider 2", "--provider", "'2'")]
    [TestCase("--target-provider gpu", "--target-provider", "'gpu'", "auto, cpu or cuda")]
    [TestCase("--draft-provider gpu", "--draft-provider", "'gpu'", "auto, cpu or cuda")]
    [TestCase("--device-id -1", "--device-id", "'-1'")]
    [TestCase("--device-id first", "--device-id", "'first'")]
    [TestCase("--no-drafts --draft-provider cpu", "--no-drafts", "--draft-provider")]
    [TestCase("--unknown", "--unknown")]
    [TestCase("leftover", "leftover")]
    [TestCase("--no-drafts --draft x", "--no-drafts", "--draft")]
    [TestCase("--no-drafts --head x", "--no-drafts", "--head")]
    [TestCase("--prompt a --prompts b", "--prompt", "--prompts")]
    [TestCase("--raw", "--raw", "--prompt")]
    [TestCase("--chat --json", "--chat", "--json")]
    [TestCase("--chat --prompts a", "--chat", "--prompts", "pipe")]
    [TestCase("--chat --prompt a", "--chat", "--prompt", "type")]
    [TestCase("--chat --raw", "--chat", "--raw", "template")]
    [TestCase("--chat hello", "hello")]
    [TestCase("--chat --target missing/folder", "--target missing/folder", "no such folder")]
    [TestCase("--target missing/folder", "--target missing/folder", "no such folder")]
    [TestCase("--draft missing/folder", "--draft missing/folder", "no such folder")]
    [TestCase("--head missing/folder", "--head missing/folder", "no such folder")]
    [TestCase("--prompts missing.jsonl", "--prompts missing.jsonl", "no such file")]
    [TestCase("--json --target missing/folder", "--target missing/folder")]
    public async Task A_wrong_argument_is_told_as_typed(string commandLine, params string[] mentioned) =>
        (await CommandLineRun.Of(commandLine.Split(' '))).AssertRefused(mentioned);

    [Test]
    public async Task An_empty_prompt_is_refused() =>
        (await CommandLineRun.Of(["--prompt", ""])).AssertRefused("--prompt", "empty");

    [Test]
    public async Task An_empty_folder_name_is_refused() =>
        (await CommandLineRun.Of(["--target", ""])).AssertRefused("--target", "empty");

    [Test]
    public async Task A_file_in_place_of_a_folder_is_told()
    {
        string file = RepositoryFiles.PathOf("README.md");
        (await CommandLineRun.Of(["--target", file])).AssertRefused($"--target {file}", "this is a file");
    }

    [Test]
    public async Task Two_drafts_of_one_name_are_told_with_both_folders()
    {
        string draft = RepositoryFiles.PathOf("tests", "models", "family", "draft-docs");
        (await CommandLineRun.Of(["--draft", draft, "--draft", draft + "/"])).AssertRefused($"--draft {draft}, --draft {draft}/", "'draft-docs'");
        (await CommandLineRun.Of(["--head", draft, "--draft", draft])).AssertRefused($"--head {draft}, --draft {draft}", "'draft-docs'");
    }
}
