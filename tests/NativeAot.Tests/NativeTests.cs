namespace NativeAot.Tests;

public sealed class NativeTests
{
    private PublishedSample _sample = null!;
    private ProgramRun _publication = null!;

    [OneTimeSetUp]
    public async Task Publish()
    {
        if (NativeLinker.Lack() is { } lack)
            Assert.Ignore(lack);
        _sample = new PublishedSample();
        _publication = await _sample.PublishAsync();
        Assert.That(_publication.ExitCode, Is.Zero, _publication.Output + _publication.Error);
    }

    [OneTimeTearDown]
    public void Delete() => _sample?.Dispose();

    [Test]
    public void Neither_the_trimmer_nor_the_compiler_nor_the_linker_warns() =>
        Assert.That(_publication.Output + _publication.Error, Does.Not.Contain("warning").IgnoreCase);

    [Test]
    public void The_folder_has_the_program_and_the_library_of_the_platform_and_nothing_else() =>
        Assert.That(
            _sample.Files.Select(Path.GetFileNameWithoutExtension),
            Is.EquivalentTo(OperatingSystem.IsWindows()
                ? ["NativeAot", "onnxruntime", "onnxruntime_providers_shared"]
                : OperatingSystem.IsMacOS() ? ["NativeAot", "libonnxruntime"] : (string[])["NativeAot", "libonnxruntime", "libonnxruntime_providers_shared"]));

    [TestCase("Where is order 1042?", "-> get_order(number: 1042)")]
    [TestCase("How many lamps are in stock?", "-> get_stock(item: lamp)")]
    public async Task Native_code_calls_the_tool_and_writes_the_text_that_is_written_without_it(string question, string call)
    {
        ProgramRun native = await _sample.RunAsync(question);
        ProgramRun compiledAtRunTime = await ProgramRun.InProcessAsync(question);

        Assert.That(native.ExitCode, Is.Zero, native.Error);
        Assert.That(native.Output, Does.StartWith(call));
        Assert.That(native, Is.EqualTo(compiledAtRunTime));
    }

    [Test]
    public async Task Native_code_refuses_wrong_arguments_in_the_same_words()
    {
        ProgramRun native = await _sample.RunAsync("Where is", "order 1042?");

        Assert.That(native.ExitCode, Is.EqualTo(2));
        Assert.That(native, Is.EqualTo(await ProgramRun.InProcessAsync("Where is", "order 1042?")));
    }
}
