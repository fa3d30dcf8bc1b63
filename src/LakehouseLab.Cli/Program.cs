Console.Error.WriteLine("lakelab: no command is there yet; see README.md");
return 2;
