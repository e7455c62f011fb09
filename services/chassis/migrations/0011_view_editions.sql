-- By which edition of its fold each view's rows were made (views/editions.py), and which one the latest release folds by.
CREATE TABLE view_editions (
    view   text PRIMARY KEY,
    folded int  NOT NULL,  -- 0: the view was met first when its log held something already, and was not rebuilt since
    wanted int  NOT NULL
);
